using System.ComponentModel.DataAnnotations;
using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Bookings;

/// <summary>The booking rules of an authority: how places are given out, and the bands of those who come first.</summary>
[Requires(TrainingPermissions.ChangeBookingRules)]
internal sealed class SeeBookingRulesPage(IMediator mediator, CurrentUser me) : CpdPage {
    /// <summary>Whose rules: an officer of one authority need not say.</summary>
    [BindProperty(SupportsGet = true)] public Guid? AuthorityId { get; set; }
    /// <summary>The beginning of the name of a setting to add to a band's list.</summary>
    [BindProperty(SupportsGet = true, Name = "find")] public string? Find { get; set; }
    [BindProperty] public int Version { get; set; }
    [BindProperty] public bool Offers { get; set; }
    [BindProperty, Display(Name = "The hours of an offer")] public int? OfferHours { get; set; }
    [BindProperty, Display(Name = "The last hours")] public int? LastHours { get; set; }
    [BindProperty, Display(Name = "The start of the working day")] public TimeOnly? DayStarts { get; set; }
    [BindProperty, Display(Name = "The end of the working day")] public TimeOnly? DayEnds { get; set; }
    [BindProperty, Display(Name = "How often a group is passed over")] public int? PassLimit { get; set; }
    [BindProperty] public bool AsksApproval { get; set; }
    [BindProperty, Display(Name = "The hours for approval")] public int? ApprovalHours { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? Reason { get; set; }
    [BindProperty] public BandKind? Kind { get; set; }
    [BindProperty] public string? SettingType { get; set; }
    [BindProperty] public Guid BandId { get; set; }
    [BindProperty] public ChangeBand.Change Change { get; set; }
    [BindProperty] public Guid? SettingId { get; set; }

    /// <summary>Null until an authority is chosen.</summary>
    internal SeeBookingRules.View? Found { get; private set; }
    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];
    internal IReadOnlyList<SelectListItem> Types { get; private set; } = [];
    internal IReadOnlyList<SettingCard> SettingsFound { get; private set; } = [];
    internal static IReadOnlyList<SelectListItem> Ways => [
        new HintedItem("Offer it to the next person", "true", "They accept or decline by a link in an email"),
        new HintedItem("Give it to the next person at once", "false", "They are told, and cancel if they can't come"),
    ];
    internal static IReadOnlyList<SelectListItem> Kinds => [
        new("Settings with no place yet this school year at any of your sessions", nameof(BandKind.NoPlaceThisYear)),
        new("Settings of one type", nameof(BandKind.SettingType)),
        new("A list of settings that you keep", nameof(BandKind.SettingList)),
    ];
    internal string Here => TrainingLinks.BookingRules + "?authorityId=" + AuthorityId;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await Load(fill: true, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        if (await Load(fill: false, ct) is { } unseen) return Refused(unseen);
        if (Unreadable) return Refused(new Invalid([]));
        return await Act(new SetBookingRules.Command {
            AuthorityId = AuthorityId ?? Guid.Empty, Version = Version, Offers = Offers, OfferHours = OfferHours, LastHours = LastHours, DayStarts = DayStarts, DayEnds = DayEnds, PassLimit = PassLimit, AsksApproval = AsksApproval, ApprovalHours = ApprovalHours,
        }, "The booking rules have been saved.", ct);
    }

    public async Task<IActionResult> OnPostBandAsync(CancellationToken ct) =>
        await Load(fill: true, ct) is { } unseen ? Refused(unseen) : await Act(new AddBand.Command(AuthorityId ?? Guid.Empty, Name, Reason, Kind, SettingType), "The band has been added.", ct);

    public async Task<IActionResult> OnPostChangeAsync(CancellationToken ct) =>
        await Load(fill: true, ct) is { } unseen ? Refused(unseen) : await Act(new ChangeBand.Command(BandId, Change, SettingId), "The bands have been changed.", ct);

    async Task<IActionResult> Act<T>(IRequest<Outcome<T>> command, string done, CancellationToken ct) {
        var outcome = await mediator.Send(command, ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(done);
        return Redirect(Here);
    }

    async Task<Refusal?> Load(bool fill, CancellationToken ct) {
        var reach = me.Reach(TrainingPermissions.ChangeBookingRules);
        var mine = (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).ToList();
        if (mine.Count > 1) Authorities = [.. mine.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
        AuthorityId ??= mine.Count == 1 ? mine[0].Id : null;
        if (AuthorityId is not { } authority) return null;
        var outcome = await mediator.Send(new SeeBookingRules.Query(authority), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Found = outcome.Value;
        Types = [.. (await mediator.Send(new ListSettingTypes(authority), ct)).Select(t => new SelectListItem(t, t))];
        if (!string.IsNullOrWhiteSpace(Find)) SettingsFound = await mediator.Send(new SearchSettings(authority, Find), ct);
        if (!fill) return null;
        var rules = Found.Rules;
        (Version, Offers, OfferHours, LastHours, PassLimit, AsksApproval, ApprovalHours) = (Found.Version, rules.Offers, rules.OfferHours, rules.LastHours, rules.PassLimit, rules.AsksApproval, rules.ApprovalHours);
        (DayStarts, DayEnds) = (TimeOnly.MinValue.AddMinutes(rules.DayStarts), TimeOnly.MinValue.AddMinutes(rules.DayEnds));
        return null;
    }
}
