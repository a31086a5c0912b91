using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.People.Persons;

/// <summary>Somebody has left a setting: their place there ends on a day, and with it what they could do there. Their CPD record stays theirs.</summary>
internal static class RecordLeaving {
    /// <param name="LeftOn">The last day; today or earlier.</param>
    internal sealed record Command(Guid PersonId, Guid MembershipId, DateOnly? LeftOn) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator(TimeProvider clock) => RuleFor(c => c.LeftOn).NotNull().WithMessage("Enter their last day")
            .Must(day => day is null || day <= London.Today(clock)).WithMessage("Their last day must be today or in the past");
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"""
            SELECT m.SettingId, m.JoinedOn
            FROM people_Membership m
            JOIN people_Setting s ON s.Id = m.SettingId
            WHERE m.Id = @MembershipId AND m.PersonId = @PersonId AND {Within.Settings}
            """;
        const string End = "UPDATE people_Membership SET LeftOn = @LeftOn WHERE Id = @MembershipId AND LeftOn IS NULL";
        const string EndRole = "UPDATE people_Grant SET EndedAt = @Now WHERE PersonId = @PersonId AND Role = @Role AND OrganisationId = @SettingId AND EndedAt IS NULL";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var membership = await db.One<Row>(Select, db.In(me.Reach(PeoplePermissions.ChangePeople), request), cancellationToken);
            if (membership is null) return Outcome.NotFound;
            if (request.LeftOn < membership.JoinedOn) return Outcome.Invalid(nameof(Command.LeftOn), $"Their last day must be after they joined on {Show.Date(membership.JoinedOn)}");
            if (await db.Execute(End, request, cancellationToken) == 0) return Outcome.Conflict("They have left this setting already.");
            await db.Execute(EndRole, new { request.PersonId, Role = nameof(Role.SettingManager), membership.SettingId, Now = clock.GetUtcNow().UtcDateTime }, cancellationToken);
            return Outcome.Done;
        }

        sealed record Row {
            public Guid SettingId { get; init; }
            public DateOnly JoinedOn { get; init; }
        }
    }
}
