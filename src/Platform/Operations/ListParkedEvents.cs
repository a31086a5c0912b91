using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using MediatR;

namespace Cpd.Platform.Operations;

/// <summary>The events that failed eight times and are parked, newest first: what one module said, another has not heard.</summary>
static class ListParkedEvents {
    internal sealed record Query(Paging Paging) : IRequest<PageOf<View>>;

    internal sealed record View(Guid Id, string Event, DateTime OccurredAt, DateTime ParkedAt, string Error);

    internal sealed class Handler(Db db, EventTypes types) : IRequestHandler<Query, PageOf<View>> {
        const string Count = "SELECT COUNT(*) FROM platform_Outbox WHERE ParkedAt IS NOT NULL";
        const string Select = "SELECT Id, Type, OccurredAt, ParkedAt, COALESCE(Error, '') AS Error FROM platform_Outbox WHERE ParkedAt IS NOT NULL ORDER BY ParkedAt DESC, Id";

        public async Task<PageOf<View>> Handle(Query request, CancellationToken cancellationToken) {
            var total = await db.One<int>(Count, null, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            var rows = await db.List<Row>(db.Page(Select), new { paging.Skip, paging.Take }, cancellationToken);
            return new([.. rows.Select(r => new View(r.Id, types.ShortName(r.Type), r.OccurredAt, r.ParkedAt, r.Error))], total, paging);
        }

        sealed record Row {
            public Guid Id { get; init; }
            public string Type { get; init; } = "";
            public DateTime OccurredAt { get; init; }
            public DateTime ParkedAt { get; init; }
            public string Error { get; init; } = "";
        }
    }
}
