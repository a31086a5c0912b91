using Cpd.People.Contracts;
using Cpd.Platform;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.People.Accounts;

/// <summary>Whoever runs the program makes a system administrator from the command line and hands them a link that works once. There is no account of the program's own.</summary>
internal static class CreateAdmin {
    internal static CliCommand Cli => new("create-admin", "create-admin EMAIL", async (services, args, ct) => {
        await using var scope = services.CreateAsyncScope();
        var outcome = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new Command(args.FirstOrDefault(), null), ct);
        if (outcome.Refusal is Invalid invalid) {
            await Console.Error.WriteLineAsync(invalid.Errors[0].Sentence + ". Usage: create-admin EMAIL");
            return 1;
        }
        Console.WriteLine($"Set the password within 7 days. The link works once:\n{outcome.Value.Address}");
        return 0;
    });

    /// <param name="Name">Of somebody not known before; what stands before the @ when left out.</param>
    internal sealed record Command(string? Email, string? Name = null) : IRequest<Outcome<Created>>, IWrite;

    /// <param name="Address">The link, for whoever runs the program to hand on.</param>
    internal sealed record Created(Guid PersonId, string Address);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Email).NotEmpty().WithMessage("Enter an email address").MaximumLength(320).WithMessage("Email address must be 320 characters or fewer")
            .Matches(EmailShape.Pattern).WithMessage("Enter an email address in the correct format, like name@example.com");
    }

    internal sealed class Handler(Db db, Accounts accounts, AccountLink links, TimeProvider clock) : IRequestHandler<Command, Outcome<Created>> {
        const string SelectPerson = "SELECT Id FROM people_Person WHERE EmailKey = @EmailKey";
        const string InsertPerson = """
            INSERT INTO people_Person (Id, Name, NameKey, Email, EmailKey, CreatedAt, Version) VALUES (@Id, @Name, @NameKey, @Email, @EmailKey, @Now, 1)
            """;
        const string InsertGrant = """
            INSERT INTO people_Grant (Id, PersonId, Role, Kind, OrganisationId, GrantedAt)
            SELECT @Id, @PersonId, @Role, @Kind, @Nowhere, @Now
            WHERE NOT EXISTS (SELECT 1 FROM people_Grant WHERE PersonId = @PersonId AND Role = @Role AND OrganisationId = @Nowhere AND EndedAt IS NULL)
            """;

        public async Task<Outcome<Created>> Handle(Command request, CancellationToken cancellationToken) {
            var email = request.Email!.Trim();
            var key = NameKey.OfEmail(email);
            var now = clock.GetUtcNow().UtcDateTime;
            var person = await db.One<Guid?>(SelectPerson, new { EmailKey = key }, cancellationToken);
            if (person is null) {
                person = Ids.New(clock);
                var name = request.Name ?? email[..email.IndexOf('@', StringComparison.Ordinal)];
                await db.Execute(InsertPerson, new { Id = person, Name = name, NameKey = NameKey.Of(name), Email = email, EmailKey = key, Now = now }, cancellationToken);
            }
            await db.Execute(InsertGrant, new {
                Id = Ids.New(clock), PersonId = person, Role = nameof(Role.SystemAdministrator), Kind = nameof(OrganisationKind.None), Nowhere = Guid.Empty, Now = now,
            }, cancellationToken);
            var account = await accounts.Restore(person.Value, key, cancellationToken);
            return new Created(person.Value, await links.New(account, LinkKind.Invitation, cancellationToken));
        }
    }
}
