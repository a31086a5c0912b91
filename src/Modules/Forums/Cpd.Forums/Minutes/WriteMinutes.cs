using Cpd.Forums.Meetings;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Minutes;

/// <summary>An officer writes the minutes of a meeting. A draft is written over; once it has been agreed the agreed text stays, and what changes is another version.</summary>
internal static class WriteMinutes {
    /// <param name="Version">Of the draft that is written over; 0 for the first text, and for the first after one that was agreed.</param>
    internal sealed record Command(Guid MeetingId, string? Words, int Version) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Words).NotEmpty().WithMessage("Write the minutes").MaximumLength(50_000).WithMessage("The minutes must be 50,000 characters or fewer");
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = """
            UPDATE forums_MinutesText SET Words = @Words, Version = Version + 1, WrittenAt = @Now, WrittenBy = @Me
            WHERE MeetingId = @MeetingId AND AgreedAt IS NULL AND Version = @Version
            """;
        // Only where no draft is: the number of a text that is written at the same time is taken then.
        const string Insert = """
            INSERT INTO forums_MinutesText (MeetingId, Number, Words, Version, WrittenAt, WrittenBy)
            SELECT @MeetingId, COALESCE((SELECT MAX(n.Number) FROM forums_MinutesText n WHERE n.MeetingId = @MeetingId), 0) + 1, @Words, 1, @Now, @Me
            WHERE NOT EXISTS (SELECT 1 FROM forums_MinutesText d WHERE d.MeetingId = @MeetingId AND d.AgreedAt IS NULL)
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await Held.Managed(db, me, request.MeetingId, cancellationToken) is not { } meeting) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            if (meeting.StartsAt > now) return Outcome.Conflict("The meeting has not started yet, so it has no minutes.");
            if (meeting.State != Publication.Published) return Outcome.Conflict("The meeting did not take place, so it has no minutes.");
            var row = new { request.MeetingId, Words = request.Words!.ReplaceLineEndings("\n").Trim(), Now = now, Me = me.PersonId, request.Version };
            try {
                return await db.Execute(request.Version == 0 ? Insert : Update, row, cancellationToken) == 1 ? Outcome.Done : Somebody;
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Somebody;
            }
        }

        static Refusal Somebody => Outcome.Conflict("Somebody else has written or agreed the minutes since you opened the page. Copy what you wrote, and look at theirs first.");
    }

    internal sealed record Body(string? Words, int Version);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/meetings/{id:guid}/minutes", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Words, body.Version), ct)).ToHttp())
        .WithName("WriteMinutes").WithSummary("Writes the minutes of a meeting: version is that of the draft that is written over, or 0 for a new text.").Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
