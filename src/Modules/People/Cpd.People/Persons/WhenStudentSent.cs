using Cpd.People.Accounts;
using Cpd.People.Contracts;
using Cpd.Placements.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;

namespace Cpd.People.Persons;

/// <summary>
/// A student whom an institution has sent becomes a person who works with the programme's authority, may act as a student, and is invited to make their account.
/// Who is known by the email address stays the same person with the same name.
/// </summary>
internal sealed class WhenStudentSent(Db db, TimeProvider clock, Accounts.Accounts accounts, AccountLink links, Grants grants, Mailbox mailbox, Outbox outbox) : Reaction<StudentSent>(db, clock) {
    readonly Db db = db;
    readonly TimeProvider clock = clock;

    const string InsertPerson = """
        INSERT INTO people_Person (Id, Name, NameKey, Email, EmailKey, CreatedAt, Version)
        SELECT @Id, @Name, @NameKey, @Email, @EmailKey, @Now, 1
        WHERE NOT EXISTS (SELECT 1 FROM people_Person WHERE EmailKey = @EmailKey)
        """;
    const string Select = "SELECT p.Id, p.Name, p.Email, a.State FROM people_Person p LEFT JOIN people_Account a ON a.PersonId = p.Id WHERE p.EmailKey = @EmailKey";
    const string InsertContact = """
        INSERT INTO people_Contact (AuthorityId, PersonId, AddedAt)
        SELECT @AuthorityId, @PersonId, @Now
        WHERE NOT EXISTS (SELECT 1 FROM people_Contact WHERE AuthorityId = @AuthorityId AND PersonId = @PersonId)
        """;

    protected override async Task React(StudentSent happened, CancellationToken ct) {
        var now = clock.GetUtcNow().UtcDateTime;
        var emailKey = NameKey.OfEmail(happened.Email);
        var made = new { Id = Ids.New(clock), happened.Name, NameKey = NameKey.Of(happened.Name), Email = happened.Email.Trim(), EmailKey = emailKey, Now = now };
        await db.Execute(InsertPerson, made, ct);
        var person = (await db.One<Row>(Select, new { EmailKey = emailKey }, ct))!;
        await db.Execute(InsertContact, new { happened.AuthorityId, PersonId = person.Id, Now = now }, ct);
        await grants.Give(person.Id, Role.Student, OrganisationKind.None, Guid.Empty, ct);
        // Whose account was disabled stays without: giving it back is an officer's decision.
        if (person.State is null or "Invited") {
            var account = await accounts.Restore(person.Id, emailKey, ct);
            var address = await links.New(account, LinkKind.Invitation, ct);
            await mailbox.Add(new Mail(AccountLetters.InvitationKind, happened.StudentId, AccountLetters.Invitation(person.Email, person.Name, happened.InstitutionName, address)) {
                PersonId = person.Id, AuthorityId = happened.AuthorityId, GoodUntil = now + AccountLink.Lifetime(LinkKind.Invitation),
            }, ct);
        }
        await outbox.Add(new StudentKnown(happened.StudentId, person.Id), ct);
    }

    sealed record Row {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string Email { get; init; } = "";
        public string? State { get; init; }
    }
}
