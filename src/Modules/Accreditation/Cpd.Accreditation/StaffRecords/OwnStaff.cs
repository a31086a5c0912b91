using Cpd.People.Contracts;
using MediatR;

namespace Cpd.Accreditation.StaffRecords;

/// <summary>
/// Whom a setting's manager sees: those who work or worked there. The record is the person's and comes with them, so a setting sees
/// all of it up to the day they leave, and nothing after.
/// </summary>
/// <param name="Until">The last day worked there; null while they still do.</param>
internal sealed record OwnStaff(Guid PersonId, string Name, Guid SettingId, string SettingName, JobRole JobRole, DateOnly JoinedOn, DateOnly? Until) {
    /// <summary>The last day seen, for comparing.</summary>
    internal DateOnly LastDay => Until ?? DateOnly.MaxValue;

    /// <summary>Who worked in these settings at any time in the period, by name: one for each person and setting, however often they came back.</summary>
    internal static async Task<IReadOnlyList<OwnStaff>> Of(IMediator mediator, IReadOnlyList<Guid> settings, DateOnly from, DateOnly to, CancellationToken ct) {
        if (settings.Count == 0) return [];
        var places = await mediator.Send(new ListStaff(settings, from, to), ct);
        return [.. places.GroupBy(p => (p.PersonId, p.SettingId)).Select(g => {
            var last = g.MaxBy(p => p.JoinedOn)!;
            return new OwnStaff(last.PersonId, last.Name, last.SettingId, last.SettingName, last.JobRole, g.Min(p => p.JoinedOn),
                g.Any(p => p.LeftOn is null) ? null : g.Max(p => p.LeftOn));
        })];
    }

    /// <summary>The last day up to which these settings see this person; null when the person never worked there.</summary>
    internal static async Task<DateOnly?> LastDayOf(IMediator mediator, IReadOnlyList<Guid> settings, Guid personId, CancellationToken ct) {
        var staff = (await Of(mediator, settings, DateOnly.MinValue, DateOnly.MaxValue, ct)).Where(s => s.PersonId == personId).ToList();
        return staff.Count == 0 ? null : staff.Max(s => s.LastDay);
    }
}
