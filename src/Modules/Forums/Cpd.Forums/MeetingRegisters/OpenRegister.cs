using Cpd.Forums.Meetings;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.MeetingRegisters;

/// <summary>The register of a meeting: everyone by name, with when they were there, and whether enough are there to decide. For officers of the forum's authority.</summary>
internal static class OpenRegister {
    internal sealed record Query(Guid MeetingId) : IRequest<Outcome<View>>;

    /// <param name="Quorum">While the register is open, of those who are here now; once it is closed, of those who were. Empty where the terms of reference ask for nothing.</param>
    /// <param name="QuorumMet">Null where nothing is asked for.</param>
    internal sealed record View(Held Meeting, IReadOnlyList<Entry> Entries, IReadOnlyList<QuorumPart> Quorum, bool? QuorumMet, string? ChairName, ForumRole? ChairRole);

    /// <param name="Day">When they were there; null where nothing is noted.</param>
    /// <param name="Last">The nonce of the mark made last, which can be taken back for 15 minutes.</param>
    internal sealed record Entry(Guid PersonId, string Name, string SettingName, ForumRole Role, bool IsGuest, bool IsMember, Reply? Reply, Attendance? Attendance, int Minutes, Day? Day, Guid? Last, DateTime? LastMadeAt);

    internal sealed class Handler(Db db, Register register, IMediator mediator) : IRequestHandler<Query, Outcome<View>> {
        const string SelectMembers = "SELECT PersonId FROM forums_Member WHERE SeriesId = @SeriesId AND Until IS NULL";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await register.Open(request.MeetingId, cancellationToken) is not { } opened) return Outcome.NotFound;
            var meeting = opened.Meeting;
            var members = (await db.List<Guid>(SelectMembers, new { meeting.SeriesId }, cancellationToken)).ToHashSet();
            var names = (await mediator.Send(new FindPeople([.. opened.People.Keys.Concat(meeting.ChairId is { } chair ? [chair] : []).Distinct()]), cancellationToken)).ToDictionary(p => p.Id, p => p.Name);
            var settings = (await mediator.Send(new FindSettings([.. opened.People.Values.Select(p => p.SettingId).OfType<Guid>().Distinct()]), cancellationToken)).ToDictionary(s => s.Id, s => s.Name);
            var entries = opened.People.Values.Select(p => {
                var presence = opened.PresenceOf(p.PersonId);
                return new Entry(p.PersonId, names.GetValueOrDefault(p.PersonId, ""), p.SettingId is { } s ? settings.GetValueOrDefault(s, "") : "", p.Role, p.IsGuest, members.Contains(p.PersonId), p.Reply, p.Attendance, p.Minutes,
                    presence.Days.GetValueOrDefault(0), presence.Last?.Nonce, presence.Last?.MadeAt);
            }).OrderBy(e => e.Name, StringComparer.OrdinalIgnoreCase).ThenBy(e => e.PersonId).ToList();
            var counted = entries.Where(e => meeting.RegisterClosedAt is null ? e.Day is { Here: true, Out: null } : e.Attendance is Attendance.Attended or Attendance.Part).Select(e => e.Role);
            var parts = Quorum.Of(opened.Rules, counted);
            return new View(meeting, entries, parts, Quorum.IsMet(parts), meeting.ChairId is { } chaired ? names.GetValueOrDefault(chaired) : null, meeting.ChairId is { } by && opened.People.TryGetValue(by, out var there) ? there.Role : null);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/meetings/{id:guid}/register", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("OpenForumRegister").WithSummary("The register of a meeting: everyone by name with attendance, minutes and when they were there, and the quorum. Times are UTC.").Produces<View>().ProducesProblem(404)
        .Requires(ForumsPermissions.ManageForums);
}
