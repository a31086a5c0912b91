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
/// is for; whoever fits not is added by an officer.
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

    internal sealed class Handler(Db db, IMediator mediator, ForumScope scope, Joining joining, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>>, IRequestHandler<Command, Outcome<Done>> {
        const string SelectSeries = "SELECT Id, Name, AuthorityId, AgeRanges, 0 AS IsOwn FROM forums_Series WHERE Id = @SeriesId";
        const string SelectRole = "SELECT Role FROM forums_Member WHERE SeriesId = @SeriesId AND PersonId = @Me AND Until IS NULL";
        const string SelectAudience = "SELECT JobRole FROM forums_SeriesAudience WHERE SeriesId = @SeriesId";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<ForumScope.Series>(SelectSeries, request, cancellationToken) is not { } series) return Outcome.NotFound;
            var role = await db.One<string>(SelectRole, new { request.SeriesId, Me = me.PersonId }, cancellationToken);
            if (role is not null) return new View(series.Name, Enum.Parse<ForumRole>(role), MayJoin: false, "");
            var (home, whyNot) = await Place(series, cancellationToken);
            return new View(series.Name, null, home is not null, whyNot ?? "This forum is for people of other local authorities.");
        }

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<ForumScope.Series>(SelectSeries, request, cancellationToken) is not { } series) return Outcome.NotFound;
            if (!request.Join) return await joining.Remove(series.Id, series.Name, series.AuthorityId, me.PersonId, cancellationToken) ? Outcome.Done : Outcome.NotFound;
            var (home, whyNot) = await Place(series, cancellationToken);
            if (home is null) return whyNot is null ? Outcome.NotFound : Outcome.Conflict(whyNot);
            return await joining.Add(series.Id, series.Name, series.AuthorityId, new(me.PersonId, home.AuthorityId, home.SettingId, AddMember.Usual(home)), cancellationToken) ? Outcome.Done : Outcome.Conflict("You are a member of this forum already.");
        }

        /// <summary>From where they would belong to it, or why they do not fit; neither for whoever belongs to no authority that takes part.</summary>
        async Task<(Home? Home, string? WhyNot)> Place(ForumScope.Series series, CancellationToken ct) {
            var taking = await scope.Taking(series, ct);
            var homes = (await mediator.Send(new FindHomes([me.PersonId], London.Today(clock)), ct)).Where(h => taking.Contains(h.AuthorityId)).ToList();
            if (homes.Count == 0) return (null, null);
            var jobs = (await db.List<string>(SelectAudience, new { SeriesId = series.Id }, ct)).Select(Enum.Parse<JobRole>).ToHashSet();
            homes = [.. homes.Where(h => jobs.Count == 0 || h.JobRole is { } job && jobs.Contains(job))];
            if (homes.Count == 0) return (null, $"This forum is for: {string.Join(", ", jobs.Order().Select(Wording.Of))}. Ask your early years team if you should belong to it.");
            // Whose ages nobody has written down is taken to work with all of them.
            return homes.FirstOrDefault(h => series.AgeRanges == AgeRanges.None || h.AgeRanges == AgeRanges.None || (h.AgeRanges & series.AgeRanges) != AgeRanges.None) is { } home
                ? (home, null) : (null, $"This forum is for people who work with children of these ages: {Wording.Of(series.AgeRanges)}. Ask your early years team if you should belong to it.");
        }
    }

    internal sealed record Body(bool Member);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/forums/{id:guid}/membership", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Member), ct)).ToHttp())
        .WithName("KeepForumMembership").WithSummary("Joins a forum or leaves it, as the person whose key it is.").Produces(204).ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.TakePart);
}
