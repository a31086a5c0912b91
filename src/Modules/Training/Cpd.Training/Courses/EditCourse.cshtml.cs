using System.Globalization;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Courses;

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class EditCoursePage(IMediator mediator) : CourseFormPage(mediator) {
    [BindProperty] public int Version { get; set; }

    internal Guid Id { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await Mediator.Send(new OpenManagedCourse.Query(id, new Paging(1)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        var (course, audience, topics, _) = outcome.Value;
        (Id, Version, Title, Summary, LearningOutcomes, Mode, Minutes) = (id, course.Version, course.Title, course.Summary, course.LearningOutcomes, course.Mode, course.Minutes);
        (ParticipatoryMinutes, TrainingProviderId, Topics, Audience) = (course.ParticipatoryMinutes, course.TrainingProviderId, string.Join('\n', topics), [.. audience]);
        Price = course.PricePence == 0 ? "" : (course.PricePence / 100m).ToString(course.PricePence % 100 == 0 ? "0" : "0.00", CultureInfo.InvariantCulture);
        AgeRanges = [.. Wording.Each.Select(a => a.Range).Where(r => course.AgeRanges.HasFlag(r))];
        await LoadProviders(ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        Id = id;
        // Whose it is comes before what was typed: to everyone else the address does not exist.
        if ((await Mediator.Send(new OpenManagedCourse.Query(id, new Paging(1)), ct)).Refusal is { } unseen) return Refused(unseen);
        if (Unreadable) {
            await LoadProviders(ct);
            return Unread();
        }
        var outcome = await Mediator.Send(new EditCourse.Command {
            Id = id, Version = Version, Title = Title, Summary = Summary, LearningOutcomes = LearningOutcomes, Mode = Mode, Minutes = Minutes, ParticipatoryMinutes = ParticipatoryMinutes,
            Price = Price, AgeRanges = Set, Audience = Audience, Topics = Topics, TrainingProviderId = TrainingProviderId,
        }, ct);
        if (outcome.Refusal is { } refusal) {
            await LoadProviders(ct);
            return Refused(refusal);
        }
        Banner("The course has been changed.");
        return Redirect(TrainingLinks.ManagedCourse(id));
    }
}
