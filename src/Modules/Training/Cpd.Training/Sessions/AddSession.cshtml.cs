using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Training.Courses;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Sessions;

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class AddSessionPage(IMediator mediator) : SessionFormPage(mediator) {
    internal Guid CourseId { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid courseId, CancellationToken ct) => await Load(courseId, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid courseId, CancellationToken ct) {
        if (AnotherDate) return await Load(courseId, ct) is { } unseen ? Refused(unseen) : WithAnotherDate();
        if (Unreadable) return Refused(await Load(courseId, ct) ?? new Invalid([]));
        var outcome = await Mediator.Send(new AddSession.Command {
            CourseId = courseId, Dates = Dates, Places = Places, OpensOn = OpensOn, ClosesOn = ClosesOn, RoomId = RoomId, Anyway = Anyway, VenueName = VenueName, VenueAddress = VenueAddress, JoiningLink = JoiningLink, TrainerPersonId = TrainerPersonId,
        }, ct);
        if (outcome.Refusal is { } refusal) return Refused(await Load(courseId, ct) ?? refusal);
        Banner("The session has been added as a draft. Publish it when people may see and book it.");
        return Redirect(TrainingLinks.ManagedSession(outcome.Value));
    }

    async Task<Refusal?> Load(Guid courseId, CancellationToken ct) {
        var outcome = await Mediator.Send(new OpenManagedCourse.Query(courseId, new Paging(1)), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        (CourseId, CourseTitle, Mode) = (courseId, outcome.Value.Course.Title, outcome.Value.Course.Mode);
        await LoadForm(outcome.Value.Course.AuthorityId, null, ct);
        return null;
    }
}
