using System.Security.Cryptography;
using System.Text;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCaseOrderer(typeof(Cpd.Tests.DrawnOrder))]

namespace Cpd.Tests;

/// <summary>
/// Draws the order in which a class's tests run, so that none comes to need what another leaves. xunit's own draw follows the folder of the build, so that a test could fail on somebody
/// else's machine alone; this one is the same everywhere, and CPD_ORDER, any word, draws another.
/// </summary>
public sealed class DrawnOrder : ITestCaseOrderer {
    static readonly string Draw = Environment.GetEnvironmentVariable("CPD_ORDER") ?? "";

    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases) where TTestCase : notnull, ITestCase =>
        [.. testCases.OrderBy(t => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Draw}/{t.TestClassName}/{t.TestCaseDisplayName}"))), StringComparer.Ordinal)];
}
