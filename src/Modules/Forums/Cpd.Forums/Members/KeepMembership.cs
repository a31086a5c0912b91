using Cpd.Forums.Series;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Members;

/// <summary>
/// Somebody joins a forum or leaves it by themselves. They may join when they belong to an authority that takes part and have a job and work with an age that the forum
/// is for, unless an officer has ended their membership before; whoever fits not is added by an officer.
/// </summary>
internal static class KeepMembership {
    internal sealed record Query(Guid SeriesId) : IRequest<Outcome<View>>;

    /// <param name="Role">What they count as; null when they are no member.</param>
    /// <param name="MayJoin">They are no member and fit.</param>
    /// <param name="WhyNot">Why they can't join by themselves.</param>
    internal sealed record View(string SeriesName, ForumRole? Role, bool MayJoin, string WhyNot);

    internal sealed record Command(Guid SeriesId, bool Join) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.SeriesId).NotEmpty();
    }

    /// <param name="Home">From where they would belong to the forum; null when they can't join by themselves.</param>
    /// <param name="IsStranger">They belong to no authority that takes part.</param>
    internal sealed record Fit(Home? Home, string WhyNot, bool IsStranger = false);

    /// <summary>Whether somebody who is no member may join by themselves, and why not. Asked by whatever offers it and by what does it.</summary>
    /// <param name="jobs">Whose forum it is; everyone's when empty.</param>
    internal static Fit Judge(DateTime? endedAt, bool removed, AgeRanges ages, IReadOnlySet<JobRole> jobs, IReadOnlyCollection<Guid> taking, IEnumerable<Home> homes) {
        if (endedAt is not null) return new(null, OneSeries.HasEnded);
        var near = homes.Where(h => taking.Contains(h.AuthorityId)).ToList();
        if (near.Count == 0) return new(null, "This forum is for people of other local authorities.", IsStranger: true);
        if (removed) return new(null, Joining.Removed);
        near = [.. near.Where(h => jobs.Count == 0 || h.JobRole is { } job && jobs.Contains(job))];
        if (near.Count == 0) return new(null, $"This forum is for: {string.Join(", ", jobs.Order().Select(Wording.Of))}. Ask your early years team if you should belong to it.");
        // Whose ages nobody has written down is taken to work with all of them.
        return near.FirstOrDefault(h => ages == AgeRanges.None || h.AgeRanges == AgeRanges.None || (h.AgeRanges & ages) != AgeRanges.None) is { } home
            ? new(home, "") : new(null, $"This forum is for people who work with children of these ages: {Wording.Of(ages)}. Ask your early years team if you should belong to it.");
    }

    internal sealed class Handler(Db db, IMediator mediator, ForumScope scope, Joining joining, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>>, IRequestHandler<Command, Outcome<Done>> {
        const string SelectSeries = "SELECT Id, Name, AuthorityId, AgeRanges, EndedAt, 0 AS IsOwn FROM forums_Series WHERE Id = @SeriesId";
        const string SelectRole = "SELECT Role FROM forums_Member WHERE SeriesId = @SeriesId AND PersonId = @Me AND Until IS NULL";
        const string SelectAudience = "SELECT JobRole FROM forums_SeriesAudience WHERE SeriesId = @SeriesId";
        const string CountRemoval = "SELECT COUNT(*)\n" + Joining.Removal;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<ForumScope.Series>(SelectSeries, request, cancellationToken) is not { } series) return Outcome.NotFound;
            var role = await db.One<string>(SelectRole, new { request.SeriesId, Me = me.PersonId }, cancellationToken);
            if (role is not null) return new View(series.Name, Enum.Parse<ForumRole>(role), MayJoin: false, "");
            var fit = await Place(series, cancellationToken);
            return new View(series.Name, null, fit.Home is not null, fit.WhyNot);
        }

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<ForumScope.Series>(SelectSeries, request, cancellationToken) is not { } series) return Outcome.NotFound;
            if (!request.Join) return await joining.Remove(series.Id, series.Name, series.AuthorityId, me.PersonId, cancellationToken) ? Outcome.Done : Outcome.NotFound;
            var fit = await Place(series, cancellationToken);
            if (fit.Home is not { } home) return fit.IsStranger ? Outcome.NotFound : Outcome.Conflict(fit.WhyNot);
            return await joining.Add(series.Id, series.Name, series.AuthorityId, new(me.PersonId, home.AuthorityId, home.SettingId, AddMember.Usual(home), ByThemselves: true), "You are a member of this forum already.", cancellationToken);
        }

        async Task<Fit> Place(ForumScope.Series series, CancellationToken ct) => Judge(series.EndedAt,
            await db.One<int>(CountRemoval, new { SeriesId = series.Id, me.PersonId }, ct) > 0, series.AgeRanges,
            (await db.List<string>(SelectAudience, new { SeriesId = series.Id }, ct)).Select(Enum.Parse<JobRole>).ToHashSet(),
            await scope.Taking(series, ct), await mediator.Send(new FindHomes([me.PersonId], London.Today(clock)), ct));
    }

    internal sealed record Body(bool Member);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/forums/{id:guid}/membership", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Member), ct)).ToHttp())
        .WithName("KeepForumMembership").WithSummary("Joins a forum or leaves it, as the person whose key it is.").Produces(204).ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.TakePart);
}
