using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Keys;

/// <summary>A person makes a key with which a program acts as one of their roles. It is shown once; only its hash is kept. It stops working when it ends, expires or the role goes.</summary>
internal static class MakeKey {
    /// <param name="Role">One of the person's own roles, as <see cref="Id"/> names it.</param>
    /// <param name="Days">How long it works: 30, 90 or 365 days.</param>
    internal sealed record Command(string? Name, string? Role, int? Days) : IRequest<Outcome<Made>>, IWrite;

    /// <param name="Secret">What goes into the header; known only here.</param>
    internal sealed record Made(Guid Id, string Secret);

    internal static IReadOnlyList<int> Lifetimes { get; } = [30, 90, 365];

    /// <summary>How a form names a role that somebody holds.</summary>
    internal static string Id(Grant grant) => $"{grant.Role}:{grant.OrganisationId:N}";

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Name).NotEmpty().WithMessage("Enter a name for the key, like Payroll export").MaximumLength(100).WithMessage("Name must be 100 characters or fewer");
            RuleFor(c => c.Role).NotEmpty().WithMessage("Select the role that the key acts as");
            RuleFor(c => c.Days).Must(d => d is { } days && Lifetimes.Contains(days)).WithMessage("Select how long the key works");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Made>> {
        const string Insert = """
            INSERT INTO people_ApiKey (Id, Name, KeyHash, PersonId, Role, Kind, OrganisationId, CreatedAt, ExpiresAt)
            VALUES (@Id, @Name, @KeyHash, @PersonId, @Role, @Kind, @OrganisationId, @Now, @ExpiresAt)
            """;

        public async Task<Outcome<Made>> Handle(Command request, CancellationToken cancellationToken) {
            var grant = me.Grants.FirstOrDefault(g => Id(g) == request.Role);
            if (grant is null) return Outcome.Invalid(nameof(Command.Role), "Select the role that the key acts as");
            var secret = Codes.Secret();
            var now = clock.GetUtcNow().UtcDateTime;
            var id = Ids.New(clock);
            await db.Execute(Insert, new {
                Id = id, Name = request.Name!.Trim(), KeyHash = Codes.Hash(secret), me.PersonId, grant.Role, grant.Kind, grant.OrganisationId, Now = now, ExpiresAt = now.AddDays(request.Days!.Value),
            }, cancellationToken);
            return new Made(id, secret);
        }
    }
}
