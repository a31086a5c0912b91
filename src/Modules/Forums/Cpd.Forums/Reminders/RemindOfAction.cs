using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Forums.Reminders;

/// <summary>Whoever has taken something on is reminded on a working day, some days before it is due. Not of what is closed, or passed to somebody else.</summary>
internal sealed class RemindOfAction(Db db, IMediator mediator, Site site, TimeProvider clock) : IReminder {
    internal const string Name = "forums.action-due";
    /// <summary>How long before the day it is due.</summary>
    internal const int Days = 3;

    internal static readonly LetterKind AsLetter = new(Name, "Action due", "To whoever has taken something on at a forum, three days before it is due.",
        s => Words(s.Recipient, s.Name, "Birth to three forum", "Share the schema poster with all rooms", London.Day(s.Now).AddDays(Days), s.Absolute(ForumsLinks.Series(Guid.Empty))));

    const string Select = """
        SELECT a.Id, a.SeriesId, a.OwnerId, a.Words, a.DueOn, s.Name, s.AuthorityId
        FROM forums_Action a
        JOIN forums_Series s ON s.Id = a.SeriesId
        WHERE a.Id IN @Ids AND a.ClosedAt IS NULL
        """;

    public string Kind => Name;

    public async Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) {
        var now = clock.GetUtcNow().UtcDateTime;
        var actions = (await db.List<Row>(Select, new { Ids = db.Ids(due.Select(d => d.CauseId).Distinct()) }, ct)).ToDictionary(a => a.Id);
        var people = await ReaderDays.People(mediator, due, ct);
        var days = await ReaderDays.Read(mediator, actions.Values.Select(a => a.AuthorityId), now, ct);
        return due.ToDictionary(d => d.Id, Answer);

        Saying Answer(DueMessage message) {
            if (!actions.TryGetValue(message.CauseId, out var action) || action.OwnerId != message.RecipientId) return new Unsaid("It is closed, or somebody else's");
            if (days.Of(action.AuthorityId).Next(now, message.GoodUntil) is var at && at > now) return SaidLater.Or(at, message.GoodUntil);
            return people.GetValueOrDefault(message.RecipientId) is { Email: { } email } person
                ? Words(email, person.Name, action.Name, action.Words, action.DueOn, site.Absolute(ForumsLinks.Series(action.SeriesId))) : new Unsaid("There is no email address");
        }
    }

    static Letter Words(string recipient, string name, string forum, string action, DateOnly due, string address) => new(recipient, name, $"Due on {Show.Date(due)}: {action}", [
        new Say($"You took this on at a meeting of the {forum}."), new Fact("What", action), new Fact("By when", Show.Date(due)),
        new Say("When it is done, tell the early years team, who then close it. Until then it stands on the agenda of each meeting."),
        new See($"The {forum}", address),
    ]);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid SeriesId { get; init; }
        public Guid? OwnerId { get; init; }
        public string Words { get; init; } = "";
        public DateOnly DueOn { get; init; }
        public string Name { get; init; } = "";
        public Guid AuthorityId { get; init; }
    }
}

/// <summary>The reminder of an action, planned and taken back with it in the same transaction.</summary>
internal sealed class ActionReminders(Mailbox mailbox, IMediator mediator) {
    static readonly string[] Kinds = [RemindOfAction.Name];

    /// <summary>For whoever does it now and by the day it is due now; nothing for somebody whom the service does not know.</summary>
    internal async Task Plan(Guid actionId, Guid authorityId, Guid? ownerId, DateOnly dueOn, CancellationToken ct) {
        await Withdraw(actionId, ct);
        if (ownerId is not { } owner) return;
        var due = London.StartOf(dueOn);
        var at = (await ReaderDays.Read(mediator, [authorityId], due, ct)).Of(authorityId).Before(due, RemindOfAction.Days);
        await mailbox.Replan(actionId, Kinds, [new Planned(RemindOfAction.Name, actionId, actionId, owner, at) { AuthorityId = authorityId, GoodUntil = London.StartOf(dueOn.AddDays(1)) }], "The action has another day", ct);
    }

    internal Task Withdraw(Guid actionId, CancellationToken ct) => mailbox.Withdraw([actionId], Kinds, "The action was closed or changed", ct);
}
