using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.People.Keys;

/// <summary>A person's own keys that still work, the newest first.</summary>
internal static class ListKeys {
    internal sealed record Query : IRequest<IReadOnlyList<View>>;

    internal sealed record View {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public Role Role { get; init; }
        public string? HeldAt { get; init; }
        public DateTime CreatedAt { get; init; }
        public DateTime ExpiresAt { get; init; }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, IReadOnlyList<View>> {
        const string Select = """
            SELECT k.Id, k.Name, k.Role, k.CreatedAt, k.ExpiresAt, COALESCE(s.Name, o.Name, a.Name) AS HeldAt
            FROM people_ApiKey k
            LEFT JOIN people_Setting s ON s.Id = k.OrganisationId
            LEFT JOIN people_Organisation o ON o.Id = k.OrganisationId
            LEFT JOIN people_Authority a ON a.Id = k.OrganisationId
            WHERE k.PersonId = @PersonId AND k.EndedAt IS NULL AND k.ExpiresAt > @Now
            ORDER BY k.CreatedAt DESC, k.Id
            """;

        public async Task<IReadOnlyList<View>> Handle(Query request, CancellationToken cancellationToken) =>
            await db.List<View>(Select, new { me.PersonId, Now = clock.GetUtcNow().UtcDateTime }, cancellationToken);
    }
}
