using Cpd.Platform.Data;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.People.Settings;

/// <summary>The open settings that a user reaches by a permission, to choose from, by name.</summary>
internal static class ChooseSettings {
    /// <summary>More than a person can choose from in a list: an administrator opens the setting first and goes on from there.</summary>
    internal const int Most = 2_000;

    /// <param name="First">One that must be among them, however many there are.</param>
    internal sealed record Query(string Permission, Guid? First = null) : IRequest<IReadOnlyList<Choice>>;

    internal sealed record Choice(Guid Id, string Label);

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, IReadOnlyList<Choice>> {
        const string Select = $"SELECT s.Id, s.Name, s.Urn FROM people_Setting s WHERE s.ClosedOn IS NULL AND {Within.Settings} ORDER BY CASE WHEN s.Id = @First THEN 0 ELSE 1 END, s.NameKey, s.Id";

        public async Task<IReadOnlyList<Choice>> Handle(Query request, CancellationToken cancellationToken) {
            var args = db.In(me.Reach(request.Permission), new { request.First, Skip = 0, Take = Most });
            return [.. (await db.List<Row>(db.Page(Select), args, cancellationToken)).Select(r => new Choice(r.Id, $"{r.Name} ({r.Urn})"))];
        }

        sealed record Row {
            public Guid Id { get; init; }
            public string Name { get; init; } = "";
            public string Urn { get; init; } = "";
        }
    }
}
