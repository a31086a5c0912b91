using Cpd.People.Contracts;
using Cpd.Placements.Supervisors;
using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Placements.Reminders;

/// <summary>
/// Tells students and supervisors of slots that were published, changed or called off, once for all of them together, with the dates for their calendar, and plans what they are
/// reminded of; and tells those who act for a host who comes to its projects, apart from their own slots. Called by whatever does so, in its transaction. The calendar part holds all dates and asks nothing (PUBLISH): an invitation could hold only one.
/// </summary>
internal sealed class SlotNews(Db db, IMediator mediator, Mailbox mailbox, Appointments appointments, HourReminders reminders, Site site, TimeProvider clock) {
    const int Batch = 500;
    const string Select = ToldSlot.Select + "WHERE t.Id IN @Ids AND t.State IN ('Published', 'Cancelled')";

    internal async Task Tell(IReadOnlyCollection<Guid> slotIds, CancellationToken ct) {
        var slots = new List<ToldSlot>();
        foreach (var batch in slotIds.Distinct().Chunk(Batch)) slots.AddRange(await db.List<ToldSlot>(Select, new { Ids = db.Ids(batch) }, ct));
        if (slots.Count == 0) return;
        var revisions = (await appointments.Raise(slots.Where(s => s.State == SlotState.Published).Select(s => s.Id), ct)).Concat(await appointments.RaiseKnown(slots.Where(s => s.State == SlotState.Cancelled).Select(s => s.Id), ct)).ToDictionary(r => r.Key, r => r.Value);
        var people = (await mediator.Send(new FindPeople([.. slots.SelectMany(s => new[] { s.StudentPersonId, s.SupervisorPersonId }).OfType<Guid>().Distinct()]), ct)).ToDictionary(p => p.Id);
        var told = Ids.New(clock);
        var mails = new List<Mail>();
        foreach (var own in slots.Where(s => s.StudentPersonId is not null).GroupBy(s => s.StudentPersonId!.Value)) mails.AddRange(Write(own.Key, [.. own], isStudent: true));
        var former = await mediator.Former(slots.Select(s => s.SupervisorHostId), ct);
        foreach (var own in slots.Where(s => !former.ContainsKey((s.SupervisorHostId, s.SupervisorPersonId))).GroupBy(s => s.SupervisorPersonId)) mails.AddRange(Write(own.Key, [.. own], isStudent: false));
        foreach (var holder in (await mediator.Send(new FindHolders(Role.PlacementHost, [.. slots.Select(s => s.HostId).Distinct()]), ct)).DistinctBy(h => (h.OrganisationId, h.PersonId))) mails.AddRange(WriteHost(holder));
        await mailbox.Add(mails, ct);
        await reminders.PlanSlots([.. slots.Where(s => s.State == SlotState.Published).Select(s => new HourReminders.Slot(s.StudentId, s.SupervisorId, s.AuthorityId, s.StartsAt))], ct);

        bool IsNew(IReadOnlyList<ToldSlot> those) => those.All(s => s.State == SlotState.Published && revisions[s.Id].Sequence == 1);

        IEnumerable<Mail> WriteHost(Holder holder) {
            var own = slots.Where(s => s.HostId == holder.OrganisationId && s.SupervisorPersonId != holder.PersonId).ToList();
            if (own.Count == 0 || holder.Email is null) yield break;
            yield return new Mail(PlacementLetters.HostTimetableKind, told, PlacementLetters.HostTimetable(holder.Email, holder.Name, own[0].ProgrammeName, IsNew(own),
                [.. own.Select(s => new PlacementLetters.Visit(s.StudentName, s.Line(forStudent: true)))], site.Absolute(PlacementsLinks.Coming(own[0].ProgrammeId)))) {
                // Somebody may act for several hosts of a programme.
                PersonId = holder.PersonId, AboutId = own[0].ProgrammeId, AuthorityId = own[0].AuthorityId, Again = $"{holder.OrganisationId:N}"[^12..],
            };
        }

        IEnumerable<Mail> Write(Guid personId, IReadOnlyList<ToldSlot> own, bool isStudent) {
            if (!people.TryGetValue(personId, out var person) || person.Email is null) yield break;
            var address = site.Absolute(isStudent ? PlacementsLinks.MyPlacement : PlacementsLinks.ToSign);
            var isNew = IsNew(own);
            var lines = own.Select(s => (s.Id, Line: s.Line(isStudent))).ToList();
            var entries = lines.Where(l => revisions.ContainsKey(l.Id)).Select(l => PlacementLetters.Entry(l.Id, l.Line, address, revisions[l.Id])).OrderBy(e => e.StartsAt).ThenBy(e => e.Uid, StringComparer.Ordinal).ToList();
            var letter = PlacementLetters.Timetable(person.Email, person.Name, isStudent, isNew, [.. lines.Select(l => l.Line)], address);
            yield return new Mail(isNew ? PlacementLetters.TimetableKind : PlacementLetters.ChangedKind, told, entries.Count == 0 ? letter : letter with { Calendar = new("PUBLISH", CalendarFile.Publish(entries, clock.GetUtcNow().UtcDateTime)) }) {
                PersonId = personId, AboutId = isStudent ? own[0].StudentId : own[0].SupervisorId, AuthorityId = own[0].AuthorityId, Again = isStudent ? null : "supervisor",
            };
        }
    }
}
