#pragma warning disable CA1822 // The fixtures imitate slices, which are instances.

namespace Cpd.Architecture.Tests.Sql;

public class LiteralTests {
    [Theory]
    [InlineData("SELECT Id FROM training_Session", true)]
    [InlineData("\n   -- why\n  -- and why not\n  UPDATE training_Session SET Title = @Title", true)]
    [InlineData("WITH x AS (SELECT 1 AS One) SELECT One FROM x", true)]
    [InlineData("INSERT INTO training_Session (Id) VALUES (@Id)", true)]
    [InlineData("DELETE FROM training_Session WHERE Id = @Id", true)]
    [InlineData("select Id from training_Session", true)]
    [InlineData("Select a course from the list", false)]
    [InlineData("Update your details and set a password", false)]
    [InlineData("SELECT", false)]
    [InlineData("With our help (as ever)", false)]
    [InlineData("Delete from the list", false)]
    [InlineData("", false)]
    public void Literals_Text_IsToldFromProse(string text, bool isSql) => Assert.Equal(isSql, Literals.IsSql(text));

    [Fact]
    public void Literals_CompiledTypes_GiveEachStatementOnceWithItsPlace() {
        var found = Literals.In(Product.Fixtures<Fixture>().SelectMany(t => t.NestedTypes.Prepend(t)), "Training");
        Assert.Equal(
            ["Fixture.Slice.ByTitle: SELECT Id FROM training_Session WHERE Title = @Title",
             "Fixture.Slice.Rename: UPDATE training_Session SET Title = @Title WHERE Id = @Id",
             "Fixture.Slice.Unused: DELETE FROM training_Session WHERE Id = @Id",
             "Fixture.Slice.Handler.Later: SELECT COUNT(*) FROM training_Session",
             "Fixture.Slice.Handler.Handle: DELETE FROM training_Session WHERE Places = 0"],
            found.Select(l => $"{l.Place["Cpd.Architecture.Tests.Sql.LiteralTests.".Length..]}: {l.Text}"));
        Assert.All(found, l => Assert.Equal("Training", l.Owner));
    }

    [Fact]
    public void Literals_StatementIsGluedAtRunTime_IsNamed() =>
        Expect.Each(Literals.FragmentProblems(Product.Fixtures<Glued>()), "\"AND Title = @Title\" is a piece", "\"EXISTS (SELECT 1 FROM training_Booking)\" is a piece", "\"CASE WHEN (SELECT COUNT(*) FROM training_Session) > 0 THEN 1 END\" is a piece");

    public sealed class Fixture {
        internal static class Slice {
            const string Columns = "SELECT Id FROM training_Session";
            const string ByTitle = Columns + " WHERE Title = @Title";
            const string Rename = "UPDATE training_Session SET Title = @Title WHERE Id = @Id";
            internal const string Unused = "DELETE FROM training_Session WHERE Id = @Id";
            internal const string Prose = "Select a course from the list";
            internal sealed class Handler {
                internal async Task<string> Handle() {
                    await Task.Yield();
                    return string.Join(ByTitle, "DELETE FROM training_Session WHERE Places = 0", "");
                }
                internal Func<string> Later() => () => Rename + GetHashCode() + "SELECT COUNT(*) FROM training_Session";
            }
        }
    }

    public sealed class Glued {
        internal sealed class Handler(bool filtered) {
            internal string Sql() => "SELECT Id FROM training_Session WHERE Places > 0 " + (filtered ? "AND Title = @Title" : "");
            internal string Other(string left) => left + "EXISTS (SELECT 1 FROM training_Booking)";
            internal string Third(string left) => left + "CASE WHEN (SELECT COUNT(*) FROM training_Session) > 0 THEN 1 END" + filtered;
            internal string Fine() => "So to bed, and we UPDATE training when asked" + filtered;
        }
    }
}

public class IdListTests {
    [Fact]
    public void IdLists_Product_GoThroughDbIds() {
        var types = Product.Assemblies.SelectMany(a => Product.Read(a).GetTypes()).ToList();
        Assert.NotEqual(0, IdLists.Count(types));
        Expect.None(IdLists.Problems(types));
    }

    [Fact]
    public void IdLists_RawGuidsAreArguments_IsNamed() {
        var types = Product.Fixtures<Fixture>().SelectMany(t => t.NestedTypes.Prepend(t)).Distinct().ToList();
        Assert.Equal(9, IdLists.Count(types));
        Expect.Each(IdLists.Problems(types), "RawArray", "RawList", "RawQuery", "RawSet", "RawNullable", "RawCommand");
    }

    public sealed class Fixture {
        internal sealed class Db {
            public Task<int> Execute(string sql, object? args, CancellationToken ct) => Task.FromResult(sql.Length + (args?.GetHashCode() ?? 0) + ct.GetHashCode());
            public IReadOnlyList<byte[]> Ids(IEnumerable<Guid> ids) => [.. ids.Select(i => i.ToByteArray(GetHashCode() > 0))];
        }
        internal sealed record Ask(IReadOnlyList<Guid> Ids);
        internal sealed record Fine(Guid Id, Guid? Other, string[] Names);

        internal sealed class Handler(Db db) {
            internal Task RawArray(Guid[] ids) => db.Execute("", new { ids }, default);
            internal async Task RawList(List<Guid> ids, CancellationToken ct) { await Task.Yield(); await db.Execute("", new { Id = 1, Ids = ids }, ct); }
            internal Task RawQuery(IEnumerable<Guid> ids) => db.Execute("", new { Ids = ids.Where(i => i != default) }, default);
            internal Task RawSet(HashSet<Guid> ids) => db.Execute("", new { ids }, default);
            internal Task RawNullable(IReadOnlyCollection<Guid?> ids) => db.Execute("", new { ids }, default);
            internal async Task RawCommand(Ask ask, CancellationToken ct) { await Task.Yield(); await db.Execute("", ask, ct); }
            internal Task ThroughIds(List<Guid> ids, CancellationToken ct) => db.Execute("", new { Ids = db.Ids(ids) }, ct);
            internal Task OneId(Guid id, Guid? other, string[] names) => db.Execute("", new { id, other, names }, default);
            internal Task WholeRecord(Fine fine, CancellationToken ct) => db.Execute("", fine, ct);
            internal static string NotForTheDatabase(List<Guid> ids) => new { ids }.ToString()!;
        }
    }
}
