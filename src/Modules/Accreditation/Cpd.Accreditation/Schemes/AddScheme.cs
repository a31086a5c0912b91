using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.Accreditation.Schemes;

/// <summary>An accreditor opens a scheme; its name is unique among the accreditor's.</summary>
internal static class AddScheme {
    internal sealed record Command(Guid? AccreditorId, string? Name, string? Description) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.AccreditorId).NotEmpty().WithMessage("Select the accreditor");
            RuleFor(c => c.Name).NotEmpty().WithMessage("Enter the name of the scheme").MaximumLength(200).WithMessage("The name must be 200 characters or fewer");
            RuleFor(c => c.Description).NotEmpty().WithMessage("Enter what the scheme asks of a course").MaximumLength(2000).WithMessage("The description must be 2,000 characters or fewer");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO accreditation_Scheme (Id, AccreditorId, Name, NameKey, Description, State, Version)
            VALUES (@Id, @AccreditorId, @Name, @NameKey, @Description, 'Open', 1)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(AccreditationPermissions.ManageSchemes);
            if (!reach.All && !reach.Accreditors.Contains(request.AccreditorId!.Value)) return Outcome.NotFound;
            if (await mediator.Send(new FindOrganisations([request.AccreditorId!.Value]), cancellationToken) is not [{ Kind: OrganisationKind.Accreditor }]) return Outcome.NotFound;
            var (id, name) = (Ids.New(clock), request.Name!.Trim());
            try {
                await db.Execute(Insert, new { Id = id, request.AccreditorId, Name = name, NameKey = Key(name), Description = request.Description!.Trim() }, cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.Name), "You have a scheme of this name already");
            }
            return id;
        }
    }

    /// <summary>By which names are told apart and put in order, never by an engine's collation.</summary>
    internal static string Key(string name) => string.Join(' ', name.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
