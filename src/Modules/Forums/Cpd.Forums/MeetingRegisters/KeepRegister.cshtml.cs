using Cpd.Forums.Meetings;
using Cpd.Forums.Members;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.MeetingRegisters;

/// <summary>The register of a meeting at the door, with the quorum above and closing below.</summary>
[Requires(ForumsPermissions.ManageForums)]
internal sealed class KeepRegisterPage(IMediator mediator, CurrentUser me, TimeProvider clock) : DoorPage(clock) {
    [BindProperty] public Guid PersonId { get; set; }

    internal OpenRegister.View View { get; private set; } = null!;
    internal Held Meeting => View.Meeting;
    internal bool MayClose => IsOpen && !IsClosed && Meeting.StartsAt <= Now;

    public override Guid Register => Meeting.Id;
    public override string Address => ForumsLinks.Register(Meeting.Id);
    public override string Whom => "personId";
    public override Guid Me => me.PersonId;
    public override bool IsOpen => Meeting.State == Publication.Published && London.Day(Meeting.StartsAt) <= London.Day(Now);
    public override bool IsClosed => Meeting.RegisterClosedAt is not null;
    public override DoorWords DoorWords => new("Find a name, setting or code", "Nobody is invited", IsOpen ? "Add those who come below." : "Add members to the forum first: they are invited to each of its meetings.", "Somebody else came?",
        "Find people by the beginning of their name or email address", "People of another authority are found by their whole email address. Without a network, the name is kept on this phone until you can look for it");

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        if (Button() is not { } pressed) return Refused(Outcome.Invalid("", "Press one of the buttons beside a name"));
        var outcome = await mediator.Send(new MarkAttendance.Command(id, [new(pressed.Nonce, pressed.Kind, pressed.Whom, pressed.IsStranger ? CameAt : null, Undoes: pressed.Undoes)]), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        if (outcome.Value.Marks[0].Why is { } why) return Refused(Outcome.Conflict(why));
        Banner(pressed.Says(NameOf(pressed)));
        return Back();
    }

    /// <summary>What gathered on a phone. The answer says of each mark what became of it.</summary>
    public async Task<IActionResult> OnPostMarksAsync(Guid id, [FromBody] MarkAttendance.Body? body, CancellationToken ct) => Answered(await mediator.Send(new MarkAttendance.Command(id, body?.Marks, body?.SentAt), ct));

    public async Task<IActionResult> OnPostCloseAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new CloseRegister.Command(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner($"The register is closed. {Show.Count(outcome.Value.Attended, "person was", "people were")} there." + (outcome.Value.QuorumMet switch { true => " The quorum was met.", false => " The quorum was not met.", null => "" }));
        return Back();
    }

    public async Task<IActionResult> OnPostMemberAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new KeepWalkIn.Command(id, PersonId), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("They are a member now, and invited to each meeting.");
        return Back();
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenRegister.Query(id), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        View = outcome.Value;
        Fill(View.Entries.Select(e => new DoorEntry(e.PersonId, e.Name, $"{ForumsWording.Of(e.Role)}{(e.SettingName.Length > 0 ? $", {e.SettingName}" : "")}{(e.IsGuest ? ", guest" : "")}", DoorCode.Of(id, e.PersonId), Place(e), Words(e), e.Last, e.LastMadeAt)));
        if (IsOpen && !string.IsNullOrWhiteSpace(Who)) Strangers = (await mediator.Send(new FindGuests.Query(id, Who), ct)).Value;
        return null;
    }

    static DoorPlace Place(OpenRegister.Entry entry) => entry.Day switch {
        { Here: false } => DoorPlace.Absent, { Out: not null } => DoorPlace.Left, { } => DoorPlace.Here, null => entry.Attendance is null ? DoorPlace.None : DoorPlace.Absent,
    };

    string Words(OpenRegister.Entry entry) => entry.Day switch {
        { Here: false } => "Did not come",
        { Out: { } left } => $"Left at {Show.Time(left)}{Counted(entry)}",
        { In: { } came, By: MarkSource.Link } => $"Joined at {Show.Time(came)}{Counted(entry)}",
        { In: { } came } => $"{(IsClosed ? "Came at" : "Here since")} {Show.Time(came)}{Counted(entry)}",
        { } => $"{(IsClosed ? "Came" : "Here")}{Counted(entry)}",
        null => entry.Attendance is not null ? "Did not come" : entry.Reply switch { Reply.Apologies => "Apologies", Reply.Coming => "Said they would come", Reply.Waiting => "Waited for a place", _ => "Not here yet" },
    };

    static string Counted(OpenRegister.Entry entry) => $", {Show.Duration(entry.Minutes)}";
}
