using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Bookings;

/// <summary>How an authority gives out free places, and who comes first.</summary>
internal static class SeeBookingRules {
    internal sealed record Query(Guid AuthorityId) : IRequest<Outcome<View>>;

    /// <param name="Version">0 while the authority has said nothing and the defaults hold.</param>
    internal sealed record View(Guid AuthorityId, string AuthorityName, BookingRules Rules, int Version, IReadOnlyList<Band> Bands);

    /// <param name="Settings">Those it names, by name, if it is a list.</param>
    internal sealed record Band(Guid Id, string Name, string Reason, BandKind Kind, string? SettingType, IReadOnlyList<Setting> Settings);

    internal sealed record Setting(Guid Id, string Name, string Urn);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = """
            SELECT Offers, OfferHours, LastHours, DayStarts, DayEnds, PassLimit, AsksApproval, ApprovalHours, Version FROM training_BookingRule WHERE AuthorityId = @AuthorityId
            """;
        const string SelectBands = "SELECT Id, Name, Reason, Kind, SettingType FROM training_Band WHERE AuthorityId = @AuthorityId ORDER BY Rank, Id";
        const string SelectListed = "SELECT BandId, SettingId FROM training_BandSetting WHERE BandId IN @Bands";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ChangeBookingRules);
            if (!reach.All && !reach.Authorities.Contains(request.AuthorityId)) return Outcome.NotFound;
            if ((await mediator.Send(new ListAuthorities(), cancellationToken)).FirstOrDefault(a => a.Id == request.AuthorityId) is not { } authority) return Outcome.NotFound;
            var row = await db.One<Row>(Select, request, cancellationToken);
            var bands = await db.List<BandRow>(SelectBands, request, cancellationToken);
            var listed = bands.Count == 0 ? [] : await db.List<Listed>(SelectListed, new { Bands = db.Ids(bands.Select(b => b.Id)) }, cancellationToken);
            var settings = listed.Count == 0 ? [] : (await mediator.Send(new FindSettings([.. listed.Select(l => l.SettingId).Distinct()]), cancellationToken)).ToDictionary(s => s.Id);
            return new View(authority.Id, authority.Name, row?.Rules ?? BookingRules.Default, row?.Version ?? 0, [.. bands.Select(b => new Band(b.Id, b.Name, b.Reason, b.Kind, b.SettingType,
                [.. listed.Where(l => l.BandId == b.Id).Select(l => settings.GetValueOrDefault(l.SettingId)).OfType<SettingCard>().OrderBy(s => s.Name, StringComparer.Ordinal).Select(s => new Setting(s.Id, s.Name, s.Urn))]))]);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/authorities/{authorityId:guid}/booking-rules", async (Guid authorityId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(authorityId), ct)).ToHttp())
        .WithName("SeeBookingRules").WithSummary("How an authority gives out free places. Hours are its working hours; days start and end in minutes after midnight in London.").Produces<View>().ProducesProblem(404)
        .Requires(TrainingPermissions.ChangeBookingRules);

    sealed record Row {
        public bool Offers { get; init; }
        public int OfferHours { get; init; }
        public int LastHours { get; init; }
        public int DayStarts { get; init; }
        public int DayEnds { get; init; }
        public int PassLimit { get; init; }
        public bool AsksApproval { get; init; }
        public int ApprovalHours { get; init; }
        public int Version { get; init; }
        internal BookingRules Rules => new(Offers, OfferHours, LastHours, DayStarts, DayEnds, PassLimit, AsksApproval, ApprovalHours);
    }

    sealed record BandRow {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string Reason { get; init; } = "";
        public BandKind Kind { get; init; }
        public string? SettingType { get; init; }
    }

    sealed record Listed {
        public Guid BandId { get; init; }
        public Guid SettingId { get; init; }
    }
}
