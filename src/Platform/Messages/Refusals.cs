using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Microsoft.AspNetCore.DataProtection;
using System.Text;

namespace Cpd.Platform.Messages;

/// <summary>Which kinds of message people have said they do not want. Only kinds that may be refused are ever asked for here.</summary>
public sealed class Refusals(Db db, TimeProvider clock) {
    const string Insert = """
        INSERT INTO platform_Refusal (PersonId, Kind, RefusedAt)
        SELECT @PersonId, @Kind, @Now
        WHERE NOT EXISTS (SELECT 1 FROM platform_Refusal WHERE PersonId = @PersonId AND Kind = @Kind)
        """;
    const string Delete = "DELETE FROM platform_Refusal WHERE PersonId = @PersonId AND Kind = @Kind";
    const string Select = "SELECT PersonId, Kind FROM platform_Refusal WHERE PersonId IN @People";

    /// <summary>Says so, or takes it back; saying it again changes nothing.</summary>
    public async Task Set(Guid personId, LetterKind kind, bool refused, CancellationToken ct) {
        if (!kind.MayRefuse) throw new InvalidOperationException($"Messages of kind {kind.Name} can't be refused.");
        var row = new { PersonId = personId, Kind = kind.Name, Now = clock.GetUtcNow().UtcDateTime };
        try {
            await db.Execute(refused ? Insert : Delete, row, ct);
        } catch (Exception e) when (db.IsUniqueViolation(e)) {
            // Pressed twice at once: it is said.
        }
    }

    /// <summary>What these people do not want.</summary>
    public async Task<ILookup<Guid, string>> Of(IReadOnlyCollection<Guid> people, CancellationToken ct) =>
        (people.Count == 0 ? [] : await db.List<Row>(Select, new { People = db.Ids(people) }, ct)).ToLookup(r => r.PersonId, r => r.Kind);

    sealed record Row {
        public Guid PersonId { get; init; }
        public string Kind { get; init; } = "";
    }
}

/// <summary>For one person to refuse one kind of message, from the message itself.</summary>
public sealed class RefusalToken(IDataProtectionProvider protection, TimeProvider clock) : SealedToken(protection, clock, "Cpd.Platform.RefusalToken") {
    // People look at old messages when they have had enough.
    static readonly TimeSpan Lasts = TimeSpan.FromDays(365);
    readonly TimeProvider clock = clock;

    internal string For(Guid personId, LetterKind kind) => Seal([.. personId.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(kind.Name)], clock.GetUtcNow().UtcDateTime + Lasts);

    internal (Guid PersonId, string Kind)? Read(string token) => Open(token) is { Length: > 16 } about ? (new Guid(about.AsSpan(0, 16), bigEndian: true), Encoding.UTF8.GetString(about.AsSpan(16))) : null;
}
