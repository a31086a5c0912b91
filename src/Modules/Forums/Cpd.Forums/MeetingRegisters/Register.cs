using Cpd.Forums.Contracts;
using Cpd.Forums.MeetingEvaluations;
using Cpd.Forums.Meetings;
using Cpd.Forums.Members;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using MediatR;

namespace Cpd.Forums.MeetingRegisters;

/// <summary>
/// The register of one meeting: its members and whoever has answered or come. Attendance and minutes are what follows from the marks; once it is closed the
/// ledger is told of everyone who was there, and of each correction after that. Whoever writes holds the meeting's row.
/// </summary>
internal sealed class Register(Db db, IMediator mediator, Outbox outbox, EvaluationRequests evaluations, CurrentUser me, TimeProvider clock) {
    const string Lock = "UPDATE forums_Meeting SET StartsAt = StartsAt WHERE Id = @Id";
    const string SelectParticipants = """
        SELECT Id AS ParticipantId, PersonId, IsGuest, AuthorityId, SettingId, Role, Reply, Attendance, CameAt, LeftAt, Minutes, Revision
        FROM forums_Participant
        WHERE MeetingId = @Id
        ORDER BY Id
        """;
    const string SelectMembers = """
        SELECT PersonId, AuthorityId, SettingId, Role
        FROM forums_Member
        WHERE SeriesId = @SeriesId AND Since <= @EndsAt AND (Until IS NULL OR Until > @StartsAt)
        ORDER BY Id
        """;
    const string SelectMarks = """
        SELECT Nonce, Number, PersonId AS EntryId, Kind, At, Until, Undoes, Source, MadeAt, MadeBy
        FROM forums_Mark
        WHERE MeetingId = @Id
        ORDER BY Number
        """;
    const string InsertMark = """
        INSERT INTO forums_Mark (Nonce, MeetingId, Number, PersonId, Kind, At, Until, Undoes, Source, MadeAt, MadeBy)
        VALUES (@Nonce, @MeetingId, @Number, @EntryId, @Kind, @At, @Until, @Undoes, @Source, @MadeAt, @MadeBy)
        """;
    const string InsertParticipant = """
        INSERT INTO forums_Participant (Id, MeetingId, PersonId, IsGuest, AuthorityId, SettingId, Role, ReplyReason, Minutes, Revision)
        SELECT @Id, @MeetingId, @PersonId, @IsGuest, @AuthorityId, @SettingId, @Role, '', 0, 0
        WHERE NOT EXISTS (SELECT 1 FROM forums_Participant p WHERE p.MeetingId = @MeetingId AND p.PersonId = @PersonId)
        """;
    const string Record = """
        UPDATE forums_Participant SET Attendance = @Attendance, CameAt = @CameAt, LeftAt = @LeftAt, Minutes = @Minutes, Revision = @Revision
        WHERE MeetingId = @MeetingId AND PersonId = @PersonId
        """;
    const string SelectIds = "SELECT PersonId, Id AS ParticipantId FROM forums_Participant WHERE MeetingId = @Id AND PersonId IN @People";
    const string Remove = "DELETE FROM forums_Participant WHERE MeetingId = @Id AND IsGuest = 1 AND Reply IS NULL AND Attendance IS NULL AND Revision = 0";
    const string Close = "UPDATE forums_Meeting SET RegisterClosedAt = @Now WHERE Id = @Id AND RegisterClosedAt IS NULL";
    const string SelectRules = "SELECT Role, Least FROM forums_QuorumRule WHERE SeriesId = @SeriesId ORDER BY Role";
    const string SelectStored = "SELECT Role, Least FROM forums_MeetingQuorum WHERE MeetingId = @Id ORDER BY Role";
    const string DeleteStored = "DELETE FROM forums_MeetingQuorum WHERE MeetingId = @Id";
    const string InsertStored = "INSERT INTO forums_MeetingQuorum (MeetingId, Role, Least, Present) VALUES (@MeetingId, @Role, @Least, @Present)";
    const string SetVerdict = "UPDATE forums_Meeting SET QuorumMet = @Met WHERE Id = @Id";
    const string SelectAuthorities = "SELECT AuthorityId FROM forums_SeriesAuthority WHERE SeriesId = @SeriesId";

    /// <summary>Somebody on the register.</summary>
    internal sealed record Person {
        /// <summary>Null for a member of whom nothing is known yet.</summary>
        public Guid? ParticipantId { get; init; }
        public Guid PersonId { get; init; }
        public bool IsGuest { get; init; }
        public Guid AuthorityId { get; init; }
        public Guid? SettingId { get; init; }
        public ForumRole Role { get; init; }
        public Reply? Reply { get; init; }
        public Attendance? Attendance { get; init; }
        public DateTime? CameAt { get; init; }
        public DateTime? LeftAt { get; init; }
        public int Minutes { get; init; }
        public int Revision { get; init; }

        internal bool WasThere => Attendance is Platform.Registers.Attendance.Attended or Platform.Registers.Attendance.Part;
    }

    /// <summary>A meeting's register as it stands.</summary>
    /// <param name="People">By person.</param>
    /// <param name="Rules">Of the forum; once the register is closed those that held then.</param>
    internal sealed record Opened(Held Meeting, int Tolerance, Dictionary<Guid, Person> People, List<Mark> Marks, IReadOnlyList<QuorumRule> Rules) {
        internal Presence PresenceOf(Guid personId) => Presence.Of(Marks.Where(m => m.EntryId == personId), [Meeting]);
    }

    /// <summary>Null for a meeting that is not the officer's.</summary>
    internal Task<Opened?> Open(Guid meetingId, CancellationToken ct, bool toWrite = false) => Open(() => Held.Managed(db, me, meetingId, ct), ct, toWrite);

    /// <param name="find">The meeting, as far as whoever asks may know it; asked again once it is held.</param>
    internal async Task<Opened?> Open(Func<Task<Held?>> find, CancellationToken ct, bool toWrite = false) {
        if (await find() is not { } meeting) return null;
        if (toWrite) {
            await db.Execute(Lock, new { meeting.Id }, ct);
            meeting = (await find())!;
        }
        var people = (await db.List<Person>(SelectParticipants, new { meeting.Id }, ct)).ToDictionary(p => p.PersonId);
        foreach (var member in await db.List<Person>(SelectMembers, new { meeting.SeriesId, meeting.StartsAt, meeting.EndsAt }, ct)) people.TryAdd(member.PersonId, member);
        var rules = await db.List<RuleRow>(meeting.RegisterClosedAt is null ? SelectRules : SelectStored, new { meeting.Id, meeting.SeriesId }, ct);
        return new(meeting, await mediator.Send(new FindTolerance(meeting.AuthorityId), ct), people, [.. await db.List<Mark>(SelectMarks, new { meeting.Id }, ct)], [.. rules.Select(r => new QuorumRule(Quorum.Role(r.Role), r.Least))]);
    }

    /// <summary>Why nothing can be recorded now; null when it can.</summary>
    internal Refusal? NotNow(Held meeting) =>
        meeting.State != Publication.Published ? Outcome.Conflict(meeting.State == Publication.Draft ? "The meeting is not published, so it has no register." : "The meeting has been called off, so it has no register.")
        : London.Day(meeting.StartsAt) > London.Today(clock) ? Outcome.Conflict($"You can record attendance from the day of the meeting, {Show.Date(meeting.StartsAt)}.") : null;

    /// <summary>Whose people may walk in: the forum's authority and those that take part, and whatever else the officer reaches.</summary>
    internal async Task<IReadOnlyList<Guid>> Authorities(Held meeting, CancellationToken ct) =>
        [.. (await db.List<Guid>(SelectAuthorities, new { meeting.SeriesId }, ct)).Append(meeting.AuthorityId).Concat(me.Reach(ForumsPermissions.ManageForums).Authorities).Distinct()];

    /// <summary>Takes people who came without being members for guests of the register; not those who belong to none of the forum's authorities.</summary>
    internal async Task AddGuests(Opened opened, IEnumerable<Guid> personIds, CancellationToken ct) {
        var ids = personIds.Where(id => !opened.People.ContainsKey(id)).Distinct().ToList();
        if (ids.Count == 0) return;
        var authorities = await Authorities(opened.Meeting, ct);
        var homes = (await mediator.Send(new FindHomes(ids, London.Day(opened.Meeting.StartsAt)), ct)).Where(h => authorities.Contains(h.AuthorityId)).DistinctBy(h => h.PersonId);
        foreach (var home in homes) opened.People[home.PersonId] = new Person { PersonId = home.PersonId, IsGuest = true, AuthorityId = home.AuthorityId, SettingId = home.SettingId, Role = AddMember.Usual(home) };
    }

    /// <summary>Writes marks that are new, and what follows from them.</summary>
    /// <param name="marks">Of people on the register, each with a nonce that is not known yet.</param>
    /// <param name="close">Settle it: whoever is not recorded did not come, and everyone who did is told of.</param>
    internal async Task Write(Opened opened, IReadOnlyList<Mark> marks, bool close, CancellationToken ct) {
        var (meeting, now) = (opened.Meeting, clock.GetUtcNow().UtcDateTime);
        var number = opened.Marks.Count == 0 ? 0 : opened.Marks.Max(m => m.Number);
        var fresh = marks.Select(m => m with { Number = ++number }).ToList();
        if (fresh.Count > 0) await db.Execute(InsertMark, fresh.Select(m => new { m.Nonce, MeetingId = meeting.Id, m.Number, m.EntryId, Kind = m.Kind.ToString(), m.At, m.Until, m.Undoes, Source = m.Source.ToString(), m.MadeAt, m.MadeBy }).ToList(), ct);
        opened.Marks.AddRange(fresh);

        var settled = close || meeting.RegisterClosedAt is not null;
        var changed = new List<Person>();
        foreach (var before in close ? opened.People.Values.ToList() : [.. fresh.Select(m => m.EntryId).Distinct().Select(id => opened.People[id])]) {
            var presence = opened.PresenceOf(before.PersonId);
            var day = presence.Days.GetValueOrDefault(0);
            var (attendance, minutes) = presence.Counted([meeting], meeting.Minutes, opened.Tolerance);
            var after = before with { Attendance = settled ? attendance ?? Attendance.DidNotAttend : attendance, Minutes = minutes, CameAt = day is { Here: true } ? day.In ?? meeting.StartsAt : null, LeftAt = day is { Here: true } ? day.Out : null };
            // Of somebody who left before the meeting began there is no time in between.
            if (after.LeftAt < after.CameAt) after = after with { LeftAt = after.CameAt };
            if (settled && (close ? after.WasThere || after.Revision > 0 : after.Attendance != before.Attendance || after.Minutes != before.Minutes)) after = after with { Revision = after.Revision + 1 };
            if (after != before || after.ParticipantId is null && after.IsGuest) changed.Add(opened.People[after.PersonId] = after);
        }
        if (changed.Count > 0) {
            if (changed.Where(p => p.ParticipantId is null).ToList() is { Count: > 0 } unknown)
                await db.Execute(InsertParticipant, unknown.Select(p => new { Id = Ids.New(clock), MeetingId = meeting.Id, p.PersonId, p.IsGuest, p.AuthorityId, p.SettingId, Role = p.Role.ToString() }).ToList(), ct);
            await db.Execute(Record, changed.Select(p => new { MeetingId = meeting.Id, p.PersonId, Attendance = p.Attendance?.ToString(), p.CameAt, p.LeftAt, p.Minutes, p.Revision }).ToList(), ct);
        }
        await db.Execute(Remove, new { meeting.Id }, ct);
        if (!settled) return;
        if (close) await db.Execute(Close, new { meeting.Id, Now = now }, ct);
        await Judge(opened, ct);
        var told = changed.Where(p => p.Revision > 0).ToList();
        await evaluations.Ask(meeting, [.. told.Where(p => p.WasThere).Select(p => p.PersonId)], [.. told.Where(p => !p.WasThere).Select(p => p.PersonId)], ct);
        if (meeting.CountsHours && told.Count > 0) await Tell(meeting, told, now, ct);
    }

    async Task Tell(Held meeting, List<Person> told, DateTime now, CancellationToken ct) {
        var ids = new Dictionary<Guid, Guid>();
        foreach (var batch in told.Select(p => p.PersonId).Chunk(1000))
            foreach (var row in await db.List<IdRow>(SelectIds, new { meeting.Id, People = db.Ids(batch) }, ct)) ids[row.PersonId] = row.ParticipantId;
        await outbox.Add(told.Select(p => new ForumAttendanceConfirmed(ids[p.PersonId], p.Revision, p.PersonId, p.SettingId, meeting.Id, meeting.SeriesId, meeting.AuthorityId, meeting.SeriesName, meeting.Mode == MeetingMode.LiveOnline,
            meeting.AgeRanges, meeting.StartsAt, meeting.EndsAt, p.Minutes, now)), ct);
    }

    /// <summary>Keeps what the terms asked for, who was there, and whether that was enough.</summary>
    async Task Judge(Opened opened, CancellationToken ct) {
        var parts = Quorum.Of(opened.Rules, opened.People.Values.Where(p => p.WasThere).Select(p => p.Role));
        await db.Execute(DeleteStored, new { opened.Meeting.Id }, ct);
        if (parts.Count > 0) await db.Execute(InsertStored, parts.Select(p => new { MeetingId = opened.Meeting.Id, Role = Quorum.Key(p.Role), p.Least, p.Present }).ToList(), ct);
        await db.Execute(SetVerdict, new { opened.Meeting.Id, Met = Quorum.IsMet(parts) }, ct);
    }

    sealed record RuleRow {
        public string Role { get; init; } = "";
        public int Least { get; init; }
    }

    sealed record IdRow {
        public Guid PersonId { get; init; }
        public Guid ParticipantId { get; init; }
    }
}
