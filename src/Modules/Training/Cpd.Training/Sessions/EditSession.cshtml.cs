using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Sessions;

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class EditSessionPage(IMediator mediator) : SessionFormPage(mediator) {
    [BindProperty] public int Version { get; set; }

    internal Guid Id { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await Mediator.Send(new OpenManagedSession.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        var s = outcome.Value.Session;
        Dates = [.. outcome.Value.Dates.Select(d => (From: London.FromUtc(d.StartsAt), To: London.FromUtc(d.EndsAt)))
            .Select(d => new TypedDate { On = DateOnly.FromDateTime(d.From), From = TimeOnly.FromDateTime(d.From), To = TimeOnly.FromDateTime(d.To) })];
        (Version, Places, RoomId, JoiningLink, TrainerPersonId) = (s.Version, s.Places, s.RoomId, s.JoiningLink, s.TrainerPersonId);
        // The words of a room come from the room; only what was typed is typed again.
        if (s.RoomId is null) (VenueName, VenueAddress) = (s.VenueName, s.VenueAddress);
        OpensOn = s.OpensAt is { } opens ? London.Day(opens) : null;
        ClosesOn = s.ClosesAt is { } closes ? London.Day(closes.AddTicks(-1)) : null;
        await Show(s, ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (AnotherDate) return await Load(id, ct) is { } unseen ? Refused(unseen) : WithAnotherDate();
        if (Unreadable) return Refused(await Load(id, ct) ?? new Invalid([]));
        var outcome = await Mediator.Send(new EditSession.Command {
            Id = id, Version = Version, Dates = Dates, Places = Places, OpensOn = OpensOn, ClosesOn = ClosesOn, RoomId = RoomId, Anyway = Anyway, VenueName = VenueName, VenueAddress = VenueAddress, JoiningLink = JoiningLink, TrainerPersonId = TrainerPersonId,
        }, ct);
        if (outcome.Refusal is { } refusal) return Refused(await Load(id, ct) ?? refusal);
        Banner("The session has been changed.");
        return Redirect(TrainingLinks.ManagedSession(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await Mediator.Send(new OpenManagedSession.Query(id), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        await Show(outcome.Value.Session, ct);
        return null;
    }

    async Task Show(OpenManagedSession.Session session, CancellationToken ct) {
        (Id, CourseTitle, Mode) = (session.Id, session.CourseTitle, session.Mode);
        await LoadForm(session.AuthorityId, session.RoomId, ct);
    }
}
