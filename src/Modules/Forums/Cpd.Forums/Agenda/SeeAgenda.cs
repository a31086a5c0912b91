using Cpd.Forums.Meetings;
using Cpd.Forums.Papers;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Agenda;

/// <summary>
/// What a meeting is about, in order: items, papers, the actions that earlier meetings left open, and courses on the themes that are cited. Members see it with the
/// papers once they are ready; officers always, with what has been proposed.
/// </summary>
internal static class SeeAgenda {
    /// <summary>For the officers of the forum.</summary>
    internal sealed record Query(Guid MeetingId) : IRequest<Outcome<View>>;

    /// <summary>For its members and those who were at the meeting.</summary>
    /// <param name="Token">From a message; without one it is whoever is signed in.</param>
    internal sealed record Mine(Guid MeetingId, string? Token = null) : IRequest<Outcome<View>>;

    /// <param name="Proposals">What waits for an answer or was declined: all of them for officers, their own for members.</param>
    /// <param name="Actions">Carried over: taken on at an earlier meeting, and open when this one began or still.</param>
    /// <param name="Courses">For members: open for booking at the moment, on a theme of an item.</param>
    internal sealed record View(Held Meeting, IReadOnlyList<Item> Items, IReadOnlyList<Item> Proposals, IReadOnlyList<Paper> Papers, IReadOnlyList<Carried> Actions, IReadOnlyList<Signpost> Courses, Guid ReaderId);

    internal sealed record Item {
        public Guid Id { get; init; }
        public int Number { get; init; }
        public ItemKind Kind { get; init; }
        public string Title { get; init; } = "";
        public string Detail { get; init; } = "";
        public Guid? LeadId { get; init; }
        /// <summary>Empty when nobody leads it.</summary>
        public string LeadName { get; init; } = "";
        public int? Minutes { get; init; }
        public Guid? ThemeId { get; init; }
        public string? Theme { get; init; }
        public ItemState State { get; init; }
        public Guid? ProposedBy { get; init; }
        public string DeclineReason { get; init; } = "";
        /// <summary>Who proposed it; null for an officer's own.</summary>
        public string? ProposedByName { get; init; }

        /// <summary>"Learning, 20 minutes, led by Ana Sharp. Theme: key person".</summary>
        internal string Words => string.Join(", ", new[] { AgendaWording.Of(Kind), Minutes is { } m ? Show.Duration(m) : "", LeadName.Length > 0 ? $"led by {LeadName}" : "" }.Where(w => w.Length > 0)) + (Theme is null ? "" : $". Theme: {Theme}");
    }

    internal sealed record Carried {
        public Guid Id { get; init; }
        public string Words { get; init; } = "";
        public string OwnerName { get; init; } = "";
        public DateOnly DueOn { get; init; }
        public DateTime TakenOn { get; init; }
        public DateTime? ClosedAt { get; init; }
        public string Outcome { get; init; } = "";
    }

    internal sealed record Signpost(string Theme, Guid CourseId, string Title, DateTime StartsAt);

    internal sealed class Handler(Db db, IMediator mediator, PapersToken tokens, CurrentUser me) : IRequestHandler<Query, Outcome<View>>, IRequestHandler<Mine, Outcome<View>> {
        const string SelectItems = """
            SELECT i.Id, i.Number, i.Kind, i.Title, i.Detail, i.LeadId, i.LeadName, i.Minutes, i.ThemeId, t.Name AS Theme, i.State, i.ProposedBy, i.DeclineReason
            FROM forums_AgendaItem i
            LEFT JOIN forums_Theme t ON t.Id = i.ThemeId
            WHERE i.MeetingId = @Id
            ORDER BY i.Number, i.Id
            """;
        // What was closed at this meeting or since still stood on its agenda.
        const string SelectCarried = """
            SELECT a.Id, a.Words, a.OwnerName, a.DueOn, m.StartsAt AS TakenOn, a.ClosedAt, a.Outcome
            FROM forums_Action a
            JOIN forums_Meeting m ON m.Id = a.MeetingId
            WHERE a.SeriesId = @SeriesId AND m.StartsAt < @StartsAt AND (a.ClosedAt IS NULL OR a.ClosedAt >= @StartsAt)
            ORDER BY a.DueOn, a.Id
            """;

        const string SelectTaking = "SELECT AuthorityId FROM forums_SeriesAuthority WHERE SeriesId = @SeriesId";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) =>
            await Held.Managed(db, me, request.MeetingId, cancellationToken) is { } meeting ? await View(meeting, me.PersonId, asOfficer: true, cancellationToken) : Outcome.NotFound;

        public async Task<Outcome<View>> Handle(Mine request, CancellationToken cancellationToken) {
            var (meetingId, personId) = request.Token is null ? (request.MeetingId, me.PersonId) : tokens.Read(request.Token) is { } named ? (named.MeetingId, named.PersonId) : default;
            return await Held.Joined(db, personId, meetingId, cancellationToken) is { } meeting ? await View(meeting, personId, asOfficer: false, cancellationToken) : Outcome.NotFound;
        }

        async Task<View> View(Held meeting, Guid readerId, bool asOfficer, CancellationToken ct) {
            var items = await db.List<Item>(SelectItems, new { meeting.Id }, ct);
            var proposers = items.Select(i => i.ProposedBy).OfType<Guid>().Distinct().ToList();
            var names = proposers.Count == 0 ? [] : (await mediator.Send(new FindPeople(proposers), ct)).ToDictionary(p => p.Id, p => p.Name);
            items = [.. items.Select(i => i.ProposedBy is { } by ? i with { ProposedByName = names.GetValueOrDefault(by) } : i)];
            // What comes after a meeting is for all who were there; what is prepared is for members once it is ready.
            var papers = await db.List<Paper>(Paper.Select, new { MeetingId = meeting.Id }, ct);
            return new(meeting, [.. items.Where(i => i.State == ItemState.Accepted)], [.. items.Where(i => i.State != ItemState.Accepted && (asOfficer || i.ProposedBy == readerId))],
                [.. papers.Where(p => asOfficer || p.Kind == PaperKind.Material || meeting.PapersReadyAt is not null)],
                await db.List<Carried>(SelectCarried, new { meeting.SeriesId, meeting.StartsAt }, ct), asOfficer ? [] : await Signposts(meeting, items, ct), readerId);
        }

        /// <summary>Of the authorities that take part: what is held elsewhere is far away for most.</summary>
        async Task<IReadOnlyList<Signpost>> Signposts(Held meeting, IReadOnlyList<Item> items, CancellationToken ct) {
            var themes = items.Where(i => i.State == ItemState.Accepted).Select(i => i.Theme).OfType<string>().Distinct().ToList();
            if (themes.Count == 0) return [];
            var taking = await db.List<Guid>(SelectTaking, new { meeting.SeriesId }, ct);
            var courses = await mediator.Send(new FindCoursesOn(themes, [meeting.AuthorityId, .. taking]), ct);
            if (courses.Count == 0) return [];
            var next = (await mediator.Send(new FindBookableSessions([.. courses.Select(c => c.Course.Id)]), ct)).GroupBy(s => s.CourseId).ToDictionary(g => g.Key, g => g.Min(s => s.StartsAt));
            return [.. courses.Where(c => next.ContainsKey(c.Course.Id)).Select(c => new Signpost(c.Theme, c.Course.Id, c.Course.Title, next[c.Course.Id])).OrderBy(s => s.StartsAt).Take(10)];
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/meetings/{id:guid}/agenda", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Mine(id), ct)).ToHttp())
        .WithName("SeeAgenda").WithSummary("The agenda of a meeting of a forum that you belong to: items in order, papers, actions carried over, and courses on its themes. Times are UTC.").Produces<View>().ProducesProblem(404)
        .Requires(ForumsPermissions.TakePart);
}
