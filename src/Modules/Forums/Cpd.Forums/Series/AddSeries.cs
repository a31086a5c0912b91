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

namespace Cpd.Forums.Series;

/// <summary>An officer opens a forum of their authority; its name is unique there.</summary>
internal static class AddSeries {
    internal sealed record Command(Guid? AuthorityId, string? Name, string? Summary, AgeRanges AgeRanges) : SeriesFields(Name, Summary, AgeRanges), IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : SeriesRules<Command> {
        public Validator() => RuleFor(c => c.AuthorityId).NotEmpty().WithMessage("Select the local authority");
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO forums_Series (Id, AuthorityId, Name, Summary, AgeRanges, Mode, PlacesPerSetting, Places, CountsHours, TermsOfReference, CreatedAt, Version)
            VALUES (@Id, @AuthorityId, @Name, @Summary, @AgeRanges, @Mode, @PlacesPerSetting, @Places, @CountsHours, @TermsOfReference, @Now, 1)
            """;

        const string CountEnded = "SELECT COUNT(*) FROM forums_Series WHERE AuthorityId = @AuthorityId AND Name = @Name AND EndedAt IS NOT NULL";

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(ForumsPermissions.ManageForums);
            if (!reach.All && !reach.Authorities.Contains(request.AuthorityId!.Value)) return Outcome.NotFound;
            // Who reaches all could still name an authority that there is not; no foreign key crosses to People's table.
            if (!(await mediator.Send(new ListAuthorities(), cancellationToken)).Any(a => a.Id == request.AuthorityId)) return Outcome.NotFound;
            var id = Ids.New(clock);
            try {
                await db.Execute(Insert, Db.Args(request.Columns(id), new { request.AuthorityId, Now = clock.GetUtcNow().UtcDateTime }), cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.Name), await db.One<int>(CountEnded, new { request.AuthorityId, Name = request.Name!.Trim() }, cancellationToken) > 0
                    ? "A forum of this name has ended. Open it again, or choose another name" : "There is a forum of this name already");
            }
            await db.Execute(SeriesFields.InsertAudience, request.AudienceRows(id), cancellationToken);
            return id;
        }
    }

    internal sealed record Body(Guid? AuthorityId, string? Name, string? Summary, AgeRanges? AgeRanges, MeetingMode? Mode, IReadOnlyList<JobRole>? Audience, int? PlacesPerSetting, int? Places, bool? CountsHours, string? TermsOfReference);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/forums", async (Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(body.AuthorityId, body.Name, body.Summary, body.AgeRanges ?? AgeRanges.None) {
            Mode = body.Mode ?? MeetingMode.InPerson, Audience = body.Audience ?? [], PlacesPerSetting = body.PlacesPerSetting, Places = body.Places, CountsHours = body.CountsHours ?? true, TermsOfReference = body.TermsOfReference,
        }, ct)).ToHttp(made => Results.Created($"/api/v1/forums/{made}", new { id = made })))
        .WithName("AddForum").WithSummary("Opens a forum of your authority. It is for everyone where audience is empty, and attendance counts as hours unless countsHours is false.").Produces(201).ProducesValidationProblem().ProducesProblem(404)
        .Requires(ForumsPermissions.ManageForums);
}
