using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Organisations;

/// <summary>An officer or administrator adds a training provider, accreditor, placement host or sending institution; its name is unique of its kind.</summary>
internal static class AddOrganisation {
    /// <param name="AuthorityId">Whose officers may give roles at it: an officer's own when left empty; for an administrator empty means administrators only.</param>
    internal sealed record Command(OrganisationKind? Kind, string? Name, string? Email, string? Website, Guid? AuthorityId = null) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Kind).Must(k => k is { } kind && OrganisationWords.Kinds.Contains(kind)).WithMessage("Select what kind of organisation it is");
            RuleFor(c => c.Name).NotEmpty().WithMessage("Enter the name of the organisation").MaximumLength(200).WithMessage("Name must be 200 characters or fewer");
            RuleFor(c => c.Email).MaximumLength(320).WithMessage("Email address must be 320 characters or fewer")
                .Matches(EmailShape.Pattern).WithMessage("Enter an email address in the correct format, like name@example.com");
            RuleFor(c => c.Website).MaximumLength(300).WithMessage("Website must be 300 characters or fewer")
                .Must(w => string.IsNullOrWhiteSpace(w) || Uri.TryCreate(w.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http")
                .WithMessage("Enter a web address that starts with https://");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO people_Organisation (Id, AuthorityId, Kind, Name, NameKey, Email, Website, Version)
            VALUES (@Id, @AuthorityId, @Kind, @Name, @NameKey, @Email, @Website, 1)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            // Organisations are everybody's to see; whose officers look after one follows from who adds it.
            var mine = me.Reach(PeoplePermissions.GrantRoles);
            if (request.AuthorityId is { } given && !mine.All && !mine.Authorities.Contains(given)) return Outcome.NotFound;
            var authority = request.AuthorityId ?? (mine.All || mine.Authorities.Count == 0 ? null : mine.Authorities[0]);
            var name = request.Name!.Trim();
            var id = Ids.New(clock);
            try {
                await db.Execute(Insert, new {
                    Id = id, AuthorityId = authority, Kind = request.Kind!.Value.ToString(), Name = name, NameKey = NameKey.Of(name),
                    Email = Text(request.Email), Website = Text(request.Website),
                }, cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(Command.Name), "This name is in the list already");
            }
            return id;
        }

        static string? Text(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
    }
}
