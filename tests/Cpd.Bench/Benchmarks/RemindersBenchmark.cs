extern alias Host;

using System.Diagnostics;
using Cpd.Platform;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cpd.Bench;

/// <summary>
/// The day before the busiest day of a year in England: its reminders are claimed, asked whether they still hold, put into words and handed to a channel
/// that takes them at once. Held against the same rows merely read and marked, a batch at a time.
/// </summary>
sealed class RemindersBenchmark : Benchmark {
    const int OnSession = 20;
    const string Kind = "training.session-tomorrow";

    public override string Name => "reminders";

    public override async Task Run(Measuring measuring, CancellationToken ct) {
        var count = measuring.Rounds(2_000, 171_722);
        var sessions = (count + OnSession - 1) / OnSession;
        await using var arranged = await Arranged.Make(measuring.Folder, new(Sessions: sessions, Places: OnSession, Staff: Math.Min(sessions, 2_000)), ct: ct);
        var starts = await arranged.Ask(db => db.One<DateTime>("SELECT StartsAt FROM training_Session WHERE Id = @Id", new { Id = arranged.Sessions[0] }, ct));
        var clock = new StandingClock(starts.AddMinutes(-30));
        await Fill(arranged, count, clock.Now, starts, ct);
        // As the service does every hour.
        await arranged.With(db => db.Write(async () => { await db.CountRows(ct); return true; }, _ => true, ct));

        var plain = await Plain(arranged, count, clock.Now, ct);
        await arranged.Execute("UPDATE platform_Message SET State = 'Due', SentAt = NULL");
        var (rate, early, late) = await Whole(measuring.Folder, clock, count, ct);
        measuring.Add(new($"reminders of a day, {count:N0} due", rate, "messages a second", "the same rows read and marked", plain));
        measuring.Add(new("memory over the last tenth of them", late, "MiB", "over the second tenth", early, 1.1, LessIsBetter: true));
    }

    static async Task<(double Rate, double Early, double Late)> Whole(string folder, StandingClock clock, int count, CancellationToken ct) {
        await using var app = Host::Program.Build(["--data", folder, "--applicationName", "Cpd.Host", "--Logs:Console=false", "--Jobs:Enabled=false"], clock);
        await app.Prepare(ct);
        var channel = new Counting(count);
        using var worker = new MailWorker(app.Services.GetRequiredService<IServiceScopeFactory>(), app.Services.GetRequiredService<MailSignal>(), channel, app.Services.GetRequiredService<PostMaker>(), app.Services.GetRequiredService<LetterKinds>(), app.Services.GetRequiredService<SendingOptions>(), clock, NullLogger<MailWorker>.Instance);
        var watch = Stopwatch.StartNew();
        await worker.Drain(ct);
        var rate = count / watch.Elapsed.TotalSeconds;
        if (channel.Taken != count) throw new InvalidOperationException($"{channel.Taken} of {count} were handed over.");
        return (rate, channel.Early, channel.Late);
    }

    /// <summary>The reference: a page of rows, then one UPDATE of all of them, until none is left.</summary>
    static Task<double> Plain(Arranged arranged, int count, DateTime now, CancellationToken ct) => arranged.With(async db => {
        var watch = Stopwatch.StartNew();
        var marked = 0;
        while (await db.List<Guid>(db.Page(SelectDue), new { Now = now, Skip = 0, Take = 100 }, ct) is { Count: > 0 } ids)
            marked += await db.Write(() => db.Execute("UPDATE platform_Message SET State = 'Sent', SentAt = @Now WHERE Id IN @Ids", new { Now = now, Ids = db.Ids(ids) }, ct), _ => true, ct);
        return marked == count ? count / watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"{marked} of {count} were marked.");
    });

    static async Task Fill(Arranged arranged, int count, DateTime now, DateTime starts, CancellationToken ct) {
        foreach (var some in Enumerable.Range(0, count).Chunk(20_000)) {
            var rows = some.Select(i => new {
                Id = Ids.New(TimeProvider.System), BookingId = Ids.New(TimeProvider.System), SessionId = arranged.Sessions[i / OnSession], PersonId = arranged.Staff[i % arranged.Staff.Count],
                arranged.SettingId, arranged.AuthorityId, Reference = $"B-{i}", Now = now, Starts = starts, Kind,
            }).ToList();
            await arranged.Ask(async db => {
                await db.Execute("""
                    INSERT INTO training_Booking (Id, SessionId, PersonId, SettingId, AuthorityId, State, Reference, BookedAt, BookedBy, CancelReason, MinutesAttended, IsWalkIn, Revision)
                    VALUES (@BookingId, @SessionId, @PersonId, @SettingId, @AuthorityId, 'Booked', @Reference, @Now, @PersonId, '', 0, 0, 0)
                    """, rows, ct);
                return await db.Execute("""
                    INSERT INTO platform_Message (Id, Kind, CauseId, AboutId, AuthorityId, RecipientId, Recipient, Subject, Body, Priority, PlannedFor, GoodUntil, DueAt, State, Attempts)
                    VALUES (@Id, @Kind, @BookingId, @SessionId, @AuthorityId, @PersonId, '', '', '', 2, @Now, @Starts, @Now, 'Due', 0)
                    """, rows, ct);
            });
        }
    }

    const string SelectDue = "SELECT Id FROM platform_Message WHERE State = 'Due' AND Priority = 2 AND DueAt <= @Now ORDER BY DueAt, Id";

    /// <summary>Takes everything at once, and looks at the memory now and then.</summary>
    sealed class Counting(int count) : IMailChannel {
        int taken;
        double early, late;

        public int Taken => taken;
        public double Early => early;
        public double Late => late;

        public Task<TimeSpan?> Send(Post post, CancellationToken ct) {
            var number = Interlocked.Increment(ref taken);
            // What is alive, and not what has not been cleared away yet.
            if (number % (count / 40) == 0) {
                var now = GC.GetTotalMemory(forceFullCollection: true) / (double)(1 << 20);
                if (number > count / 10 && number <= count / 5) early = Math.Max(early, now);
                if (number > count - count / 10) late = Math.Max(late, now);
            }
            return Task.FromResult<TimeSpan?>(null);
        }
    }

    sealed class StandingClock(DateTime utc) : TimeProvider {
        public DateTime Now => utc;
        public override DateTimeOffset GetUtcNow() => new(utc, TimeSpan.Zero);
    }
}
