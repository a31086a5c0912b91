using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using MediatR;

namespace Cpd.People.Letterheads;

/// <summary>Tells the sending of messages whose letters they are, and what the authority says around them.</summary>
internal static class AnswerLetterheads {
    const string Select = """
        SELECT a.Id, a.Name, l.Introduction, l.Closing, l.Contact, l.SignOff, g.Width, g.Height
        FROM people_Authority a
        LEFT JOIN people_Letterhead l ON l.AuthorityId = a.Id
        LEFT JOIN people_Logo g ON g.AuthorityId = a.Id
        WHERE a.Id IN @Ids
        """;
    const string SelectAdditions = "SELECT AuthorityId, Kind, Words FROM people_LetterAddition WHERE AuthorityId IN @Ids";

    internal sealed class Handler(Db db) : IRequestHandler<FindLetterheads, IReadOnlyList<Letterhead>> {
        public async Task<IReadOnlyList<Letterhead>> Handle(FindLetterheads request, CancellationToken cancellationToken) {
            var ids = new { Ids = db.Ids(request.AuthorityIds) };
            var heads = await db.List<Row>(Select, ids, cancellationToken);
            var additions = (await db.List<Addition>(SelectAdditions, ids, cancellationToken)).ToLookup(a => a.AuthorityId);
            return [.. heads.Select(h => new Letterhead(h.Id, h.Name) {
                Introduction = h.Introduction, Closing = h.Closing, Contact = h.Contact, SignOff = h.SignOff,
                Logo = h is { Width: { } width, Height: { } height } ? new(PeopleLinks.Logo(h.Id), width, height) : null,
                Added = additions[h.Id].ToDictionary(a => a.Kind, a => a.Words),
            })];
        }
    }

    sealed record Row {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string? Introduction { get; init; }
        public string? Closing { get; init; }
        public string? Contact { get; init; }
        public string? SignOff { get; init; }
        public int? Width { get; init; }
        public int? Height { get; init; }
    }

    sealed record Addition {
        public Guid AuthorityId { get; init; }
        public string Kind { get; init; } = "";
        public string Words { get; init; } = "";
    }
}
