using Cpd.Platform.Data;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.People.Settings;

/// <summary>The settings that a user reaches, by name: found by the beginning of a word of the name, the URN, the postcode or the town.</summary>
internal static class ListSettings {
    internal enum Status { Open, Closed, All }

    internal sealed record Query(string? Text, Status Status, Paging Paging) : IRequest<PageOf<View>>;

    internal sealed record View {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string Urn { get; init; } = "";
        public string Town { get; init; } = "";
        public string Postcode { get; init; } = "";
        public string AuthorityName { get; init; } = "";
        public DateOnly? ClosedOn { get; init; }
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, PageOf<View>> {
        const string Wanted = $"""
            FROM people_Setting s
            JOIN people_Authority a ON a.Id = s.AuthorityId
            WHERE {Within.Settings}
              AND (@Status = 'All' OR (@Status = 'Open' AND s.ClosedOn IS NULL) OR (@Status = 'Closed' AND s.ClosedOn IS NOT NULL))
              AND (@Pattern IS NULL OR s.NameKey LIKE @Pattern ESCAPE '!' OR s.NameKey LIKE @Inner ESCAPE '!' OR s.Urn LIKE @Code ESCAPE '!'
                OR UPPER(s.Postcode) LIKE @Code ESCAPE '!' OR REPLACE(UPPER(s.Postcode), ' ', '') LIKE @Code ESCAPE '!' OR LOWER(s.Town) LIKE @Pattern ESCAPE '!')
            """;
        const string Count = "SELECT COUNT(*) " + Wanted;
        const string Select = "SELECT s.Id, s.Name, s.Urn, s.Town, s.Postcode, a.Name AS AuthorityName, s.ClosedOn " + Wanted + " ORDER BY s.NameKey, s.Id";

        public async Task<PageOf<View>> Handle(Query request, CancellationToken cancellationToken) {
            var pattern = string.IsNullOrWhiteSpace(request.Text) ? null : NameKey.Beginning(request.Text);
            var args = db.In(me.Reach(PeoplePermissions.SeeSettings), new {
                Status = request.Status.ToString(), Pattern = pattern, Inner = pattern is null ? null : "% " + pattern, Code = pattern?.ToUpperInvariant(),
            });
            var total = await db.One<int>(Count, args, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            return new(await db.List<View>(db.Page(Select), Db.Args(args, new { paging.Skip, paging.Take }), cancellationToken), total, paging);
        }
    }
}
