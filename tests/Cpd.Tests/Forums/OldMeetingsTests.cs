using Cpd.Platform.Data;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cpd.Tests.Forums;

/// <summary>Meetings from before they could be drafts or called off.</summary>
public sealed class OldMeetingsTests(CpdApp app) : IClassFixture<CpdApp> {
    [Fact]
    public async Task Migrate_MeetingsFromBefore_ArePublishedAndAsTheyWere() {
        using var database = new TestDatabase(Directory.CreateDirectory(Path.Combine(app.Folder, "old-meetings")).FullName);
        var all = Migration.In(typeof(Program).Assembly);
        await new Migrator(database.Dialect(), [.. all.TakeWhile(m => !m.Name.EndsWith("_forums_meeting", StringComparison.Ordinal))], TimeProvider.System, NullLogger<Migrator>.Instance).Migrate(default);
        var (series, meeting, end) = (Guid.Parse("0198f000-0000-7000-8000-000000000001"), Guid.Parse("0198f000-0000-7000-8000-000000000002"), app.Now.AddHours(1));
        await using (var db = new Db(database.Dialect()))
            await db.Write(async () => {
                await db.Execute("INSERT INTO forums_Series (Id, AuthorityId, Name, Summary, AgeRanges, CreatedAt, Version) VALUES (@series, @series, 'Old', '', 1, @Now, 1)", new { series, app.Now }, default);
                await db.Execute("INSERT INTO forums_Meeting (Id, SeriesId, StartsAt, EndsAt, Venue, Topics) VALUES (@meeting, @series, @Now, @end, 'Hall', 'Play')", new { meeting, series, app.Now, end }, default);
            }, default);
        await new Migrator(database.Dialect(), all, TimeProvider.System, NullLogger<Migrator>.Instance).Migrate(default);
        await using var after = new Db(database.Dialect());
        var row = (await after.One<Row>("SELECT m.Id, m.SeriesId, m.StartsAt, m.EndsAt, m.Venue, m.Topics, m.State, m.Mode, s.PlacesPerSetting, s.CountsHours FROM forums_Meeting m JOIN forums_Series s ON s.Id = m.SeriesId", null, default))!;
        Assert.Equal(new Row { Id = meeting, SeriesId = series, StartsAt = app.Now, EndsAt = end, Venue = "Hall", Topics = "Play", State = "Published", Mode = "InPerson", PlacesPerSetting = null, CountsHours = true }, row);
    }

    [Fact]
    public async Task Migrate_MarksFromBefore_AreAsTheyWere() {
        using var database = new TestDatabase(Directory.CreateDirectory(Path.Combine(app.Folder, "old-marks")).FullName);
        var all = Migration.In(typeof(Program).Assembly);
        await new Migrator(database.Dialect(), [.. all.TakeWhile(m => !m.Name.EndsWith("_forums_mark_source", StringComparison.Ordinal))], TimeProvider.System, NullLogger<Migrator>.Instance).Migrate(default);
        var (series, meeting, nonce, end) = (Guid.Parse("0198f000-0000-7000-8000-000000000001"), Guid.Parse("0198f000-0000-7000-8000-000000000002"), Guid.Parse("0198f000-0000-7000-8000-000000000003"), app.Now.AddHours(1));
        await using (var db = new Db(database.Dialect()))
            await db.Write(async () => {
                await db.Execute("INSERT INTO forums_Series (Id, AuthorityId, Name, Summary, AgeRanges, CreatedAt, Version) VALUES (@series, @series, 'Old', '', 1, @Now, 1)", new { series, app.Now }, default);
                await db.Execute("INSERT INTO forums_Meeting (Id, SeriesId, StartsAt, EndsAt, Mode, Venue, JoiningLink, Topics, Term, State, CancelReason, Version) VALUES (@meeting, @series, @Now, @end, 'InPerson', 'Hall', '', '', '', 'Published', '', 1)", new { meeting, series, app.Now, end }, default);
                await db.Execute("INSERT INTO forums_Mark (Nonce, MeetingId, Number, PersonId, Kind, At, Until, Undoes, Source, MadeAt, MadeBy) VALUES (@nonce, @meeting, 7, @series, 'Times', @Now, @end, @meeting, 'Paper', @end, @nonce)", new { nonce, meeting, series, app.Now, end }, default);
            }, default);
        await new Migrator(database.Dialect(), all, TimeProvider.System, NullLogger<Migrator>.Instance).Migrate(default);
        await using var after = new Db(database.Dialect());
        Assert.Equal(1, await after.One<int>("SELECT COUNT(*) FROM forums_Mark WHERE Nonce = @nonce AND MeetingId = @meeting AND Number = 7 AND PersonId = @series AND Kind = 'Times' AND At = @Now AND Until = @end AND Undoes = @meeting AND Source = 'Paper' AND MadeAt = @end AND MadeBy = @nonce",
            new { nonce, meeting, series, app.Now, end }, default));
    }

    [Fact]
    public async Task Migrate_ParticipantsFromBefore_AreAsTheyWereAndNobodyWaits() {
        using var database = new TestDatabase(Directory.CreateDirectory(Path.Combine(app.Folder, "old-participants")).FullName);
        var all = Migration.In(typeof(Program).Assembly);
        await new Migrator(database.Dialect(), [.. all.TakeWhile(m => !m.Name.EndsWith("_forums_places", StringComparison.Ordinal))], TimeProvider.System, NullLogger<Migrator>.Instance).Migrate(default);
        var (series, meeting, came, away, end) = (Guid.Parse("0198f000-0000-7000-8000-000000000001"), Guid.Parse("0198f000-0000-7000-8000-000000000002"), Guid.Parse("0198f000-0000-7000-8000-000000000003"), Guid.Parse("0198f000-0000-7000-8000-000000000004"), app.Now.AddHours(1));
        await using (var db = new Db(database.Dialect()))
            await db.Write(async () => {
                await db.Execute("INSERT INTO forums_Series (Id, AuthorityId, Name, Summary, AgeRanges, CreatedAt, Version) VALUES (@series, @series, 'Old', '', 1, @Now, 1)", new { series, app.Now }, default);
                await db.Execute("INSERT INTO forums_Meeting (Id, SeriesId, StartsAt, EndsAt, Mode, Venue, JoiningLink, Topics, Term, State, CancelReason, Version) VALUES (@meeting, @series, @Now, @end, 'InPerson', 'Hall', '', '', '', 'Published', '', 1)", new { meeting, series, app.Now, end }, default);
                await db.Execute("""
                    INSERT INTO forums_Participant (Id, MeetingId, PersonId, IsGuest, AuthorityId, SettingId, Role, Reply, ReplyReason, RepliedAt, Attendance, CameAt, LeftAt, Minutes, Revision)
                    VALUES (@came, @meeting, @came, 1, @series, @meeting, 'Parent', 'Coming', '', @Now, 'Part', @Now, @end, 60, 2), (@away, @meeting, @away, 0, @series, NULL, 'Manager', 'Apologies', 'Ill', @end, NULL, NULL, NULL, 0, 0)
                    """, new { came, away, meeting, series, app.Now, end }, default);
            }, default);
        await new Migrator(database.Dialect(), all, TimeProvider.System, NullLogger<Migrator>.Instance).Migrate(default);
        await using var after = new Db(database.Dialect());
        Assert.Equal(2, await after.One<int>("""
            SELECT COUNT(*) FROM forums_Participant p JOIN forums_Meeting m ON m.Id = p.MeetingId JOIN forums_Series s ON s.Id = m.SeriesId
            WHERE m.Places IS NULL AND s.Places IS NULL AND p.WaitNumber IS NULL AND p.Id = p.PersonId AND p.MeetingId = @meeting AND p.AuthorityId = @series
              AND (p.Id = @came AND p.IsGuest = 1 AND p.SettingId = @meeting AND p.Role = 'Parent' AND p.Reply = 'Coming' AND p.RepliedAt = @Now AND p.Attendance = 'Part' AND p.CameAt = @Now AND p.LeftAt = @end AND p.Minutes = 60 AND p.Revision = 2
                OR p.Id = @away AND p.IsGuest = 0 AND p.SettingId IS NULL AND p.Role = 'Manager' AND p.Reply = 'Apologies' AND p.ReplyReason = 'Ill' AND p.RepliedAt = @end AND p.Attendance IS NULL AND p.Minutes = 0)
            """, new { came, away, meeting, series, app.Now, end }, default));
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Guid SeriesId { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public string Venue { get; init; } = "";
        public string Topics { get; init; } = "";
        public string State { get; init; } = "";
        public string Mode { get; init; } = "";
        public int? PlacesPerSetting { get; init; }
        public bool CountsHours { get; init; }
    }
}
