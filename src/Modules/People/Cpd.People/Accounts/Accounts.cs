using Cpd.Platform.Data;

namespace Cpd.People.Accounts;

/// <summary>The account with which a person signs in: made by an invitation, never by the person.</summary>
internal sealed class Accounts(Db db, TimeProvider clock) {
    const string Select = "SELECT Id, State FROM people_Account WHERE PersonId = @PersonId";
    const string Insert = """
        INSERT INTO people_Account (Id, PersonId, EmailKey, State, CreatedAt) VALUES (@Id, @PersonId, @EmailKey, 'Invited', @Now)
        """;
    // What a disabled account's password was is forgotten: whoever gets it back sets a new one.
    const string Reinvite = "UPDATE people_Account SET State = 'Invited', PasswordHash = NULL WHERE Id = @Id AND State = 'Disabled'";

    /// <summary>The account of a person in the caller's transaction: made when there is none, given back when it was disabled, left alone when it works.</summary>
    internal async Task<Guid> Restore(Guid personId, string emailKey, CancellationToken ct) {
        var known = await db.One<Row>(Select, new { PersonId = personId }, ct);
        if (known is null) {
            var id = Ids.New(clock);
            await db.Execute(Insert, new { Id = id, PersonId = personId, EmailKey = emailKey, Now = clock.GetUtcNow().UtcDateTime }, ct);
            return id;
        }
        if (known.State == "Disabled") await db.Execute(Reinvite, new { known.Id }, ct);
        return known.Id;
    }

    sealed record Row {
        public Guid Id { get; init; }
        public string State { get; init; } = "";
    }
}
