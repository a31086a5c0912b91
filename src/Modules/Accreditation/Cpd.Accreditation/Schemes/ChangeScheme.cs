using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.Accreditation.Schemes;

/// <summary>An accreditor changes what a scheme is called and asks for, or closes it to new courses; what it has accredited stays.</summary>
internal static class ChangeScheme {
    internal sealed record Command(Guid Id, int Version, string? Name, string? Description, SchemeState? State) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Name).NotEmpty().WithMessage("Enter the name of the scheme").MaximumLength(200).WithMessage("The name must be 200 characters or fewer");
            RuleFor(c => c.Description).NotEmpty().WithMessage("Enter what the scheme asks of a course").MaximumLength(2000).WithMessage("The description must be 2,000 characters or fewer");
            RuleFor(c => c.State).NotNull().WithMessage("Select whether the scheme takes new courses").IsInEnum().WithMessage("Select whether the scheme takes new courses");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = """
            UPDATE accreditation_Scheme SET Name = @Name, NameKey = @NameKey, Description = @Description, State = @State, Version = Version + 1
            WHERE Id = @Id AND Version = @Version AND (@All = 1 OR AccreditorId IN @Accreditors)
            """;
        const string Exists = "SELECT COUNT(*) FROM accreditation_Scheme WHERE Id = @Id AND (@All = 1 OR AccreditorId IN @Accreditors)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(AccreditationPermissions.ManageSchemes);
            var name = request.Name!.Trim();
            var args = new {
                request.Id, request.Version, Name = name, NameKey = AddScheme.Key(name), Description = request.Description!.Trim(), State = request.State.ToString(),
                reach.All, Accreditors = db.Ids(reach.Accreditors),
            };
            try {
                if (await db.Execute(Update, args, cancellationToken) == 1) return Outcome.Done;
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.Name), "You have a scheme of this name already");
            }
            return await db.One<int>(Exists, args, cancellationToken) == 0 ? Outcome.NotFound
                : Outcome.Conflict("Someone else changed this scheme after you opened it. Look at it again and make your change there");
        }
    }
}
