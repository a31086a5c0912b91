using Cpd.Forums.Meetings;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.DataProtection;

namespace Cpd.Forums.MeetingEvaluations;

/// <summary>For one person to say what they thought of one meeting, from the message.</summary>
internal sealed class EvaluationToken(IDataProtectionProvider protection, TimeProvider clock) : SealedToken(protection, clock, "Cpd.Forums.EvaluationToken") {
    /// <param name="until">UTC.</param>
    internal string For(Guid meetingId, Guid personId, DateTime until) => Seal([.. meetingId.ToByteArray(bigEndian: true), .. personId.ToByteArray(bigEndian: true)], until);

    internal (Guid MeetingId, Guid PersonId)? Read(string token) => Open(token) is { Length: 32 } ids ? (new Guid(ids.AsSpan(0, 16), bigEndian: true), new Guid(ids.AsSpan(16), bigEndian: true)) : null;
}

/// <summary>What those who were at a meeting are asked, and whom: in the transaction that closes or corrects its register.</summary>
internal sealed class EvaluationRequests(Db db, IMediator mediator, Mailbox mailbox, Site site, EvaluationToken tokens, TimeProvider clock) {
    /// <summary>So many days after the register was settled people can still answer.</summary>
    internal const int OpenDays = 14;

    /// <summary>Their ids stand for their words: whoever changes the words of one gives it a new id.</summary>
    internal static IReadOnlyList<Question> Questions { get; } = [
        Of("019ab000-0000-7000-8000-000000000001", QuestionKind.YesNo, "Was the meeting worth your time?", "say it was worth their time"),
        Of("019ab000-0000-7000-8000-000000000002", QuestionKind.YesNo, "Could you say what you wanted to say?", "could say what they wanted"),
        Of("019ab000-0000-7000-8000-000000000003", QuestionKind.YesNo, "Will you change something in your practice because of it?", "will change their practice"),
        Of("019ab000-0000-7000-8000-000000000004", QuestionKind.Text, "What should the next meeting speak about?", ""),
    ];

    internal static readonly LetterKind AsLetter = new("forum-evaluation", "What did you think of the forum?", "To whoever was at a meeting of a forum, when its register is closed.",
        s => Words(s.Recipient, s.Name, "Birth to three forum", s.Now.AddDays(-1), London.Day(s.Now).AddDays(OpenDays), s.Absolute(ForumsLinks.EvaluationByLink("example")))) { MayRefuse = true };

    const string Open = """
        INSERT INTO forums_Evaluation (MeetingId, PersonId, ClosesAt, Answered)
        SELECT @MeetingId, @PersonId, @ClosesAt, 0
        WHERE NOT EXISTS (SELECT 1 FROM forums_Evaluation e WHERE e.MeetingId = @MeetingId AND e.PersonId = @PersonId)
        """;
    const string Reopen = "UPDATE forums_Evaluation SET WithdrawnAt = NULL, ClosesAt = @ClosesAt WHERE MeetingId = @MeetingId AND PersonId = @PersonId AND WithdrawnAt IS NOT NULL";
    const string Withdraw = "UPDATE forums_Evaluation SET WithdrawnAt = @Now WHERE MeetingId = @MeetingId AND PersonId = @PersonId AND WithdrawnAt IS NULL";
    const string SelectAsked = "SELECT PersonId FROM forums_Evaluation WHERE MeetingId = @MeetingId AND WithdrawnAt IS NULL";

    internal async Task Ask(Held meeting, IReadOnlyList<Guid> were, IReadOnlyList<Guid> wereNot, CancellationToken ct) {
        var now = clock.GetUtcNow().UtcDateTime;
        if (wereNot.Count > 0) await db.Execute(Withdraw, wereNot.Select(id => new { MeetingId = meeting.Id, PersonId = id, Now = now }).ToList(), ct);
        var asked = (await db.List<Guid>(SelectAsked, new { MeetingId = meeting.Id }, ct)).ToHashSet();
        var fresh = were.Where(id => !asked.Contains(id)).ToList();
        if (fresh.Count == 0) return;
        var last = London.Day(now).AddDays(OpenDays);
        var rows = fresh.Select(id => new { MeetingId = meeting.Id, PersonId = id, ClosesAt = London.StartOf(last.AddDays(1)) }).ToList();
        if (await db.Execute(Reopen, rows, ct) < rows.Count) await db.Execute(Open, rows, ct);
        var people = await mediator.Send(new FindPeople(fresh), ct);
        await mailbox.Add(people.Where(p => p.Email is not null).Select(p => new Mail(AsLetter, meeting.Id,
            Words(p.Email!, p.Name, meeting.SeriesName, meeting.StartsAt, last, site.Absolute(ForumsLinks.EvaluationByLink(tokens.For(meeting.Id, p.Id, rows[0].ClosesAt))))) {
            PersonId = p.Id, AboutId = meeting.Id, AuthorityId = meeting.AuthorityId, GoodUntil = rows[0].ClosesAt,
        }), ct);
    }

    static Letter Words(string recipient, string name, string forum, DateTime startsAt, DateOnly last, string address) => new(recipient, name, $"What did you think? {forum}", [
        new Say($"You were at the {forum} on {Show.DayAndDate(startsAt)}. Tell us what you thought: it takes a minute, and your answers are kept without your name."),
        new Do("Say what you thought", address),
        new Say($"You can answer until {Show.Date(last)}."),
    ]);

    static Question Of(string id, QuestionKind kind, string words, string @short) => new() { Id = Guid.Parse(id), Kind = kind, Words = words, Short = @short };
}
