using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using MediatR;

namespace Cpd.People.Letterheads;

/// <summary>An authority's logo, for everyone who reads its messages.</summary>
internal static class ReadLogo {
    internal sealed record Query(Guid AuthorityId) : IRequest<Outcome<View>>;

    internal sealed record View {
        public string ContentType { get; init; } = "";
        public string Content { get; init; } = "";
        public DateTime ChangedAt { get; init; }
    }

    internal sealed class Handler(Db db) : IRequestHandler<Query, Outcome<View>> {
        const string Select = "SELECT ContentType, Content, ChangedAt FROM people_Logo WHERE AuthorityId = @AuthorityId";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) => await db.One<View>(Select, request, cancellationToken) is { } logo ? logo : Outcome.NotFound;
    }
}
