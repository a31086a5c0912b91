// ./dev bench [name …] [--quick] [--write] and ./dev drill [name …] [--long]: every class of Benchmarks/ and Drills/, or those that are named.
// ./dev bench data S|M|L makes a data set and keeps it.
using System.Globalization;
using Cpd.Bench;
using Cpd.Bench.Data;
using Cpd.Bench.Http;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop.Cancel(); };
if (args is [EmptyHost.Command]) return await EmptyHost.Serve(stop.Token);
// The reference in a process of its own, for PlainSqlite.
if (args is ["commits", var file, var count]) {
    Console.WriteLine(PlainSqlite.CommitsASecond(file, int.Parse(count, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture));
    return 0;
}
if (args is not ["bench" or "drill", ..]) {
    Console.Error.WriteLine("Say bench or drill, then the names of those to run (all, if none is named).");
    return 2;
}
var names = args.Skip(1).Where(a => !a.StartsWith('-')).ToList();
if (args is ["bench", "data", ..]) return await DataSet.Make([.. names.Skip(1)], stop.Token);
return args[0] == "bench"
    ? await Benchmarks.Run(names, args.Contains("--quick"), args.Contains("--write"), stop.Token)
    : await Drills.Run(names, args.Contains("--long"), stop.Token);
