using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Catalogue;
using Cpd.Training.Changes;
using Cpd.Training.Charges;
using Cpd.Training.Needs;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Bookings;

/// <summary>Choose who (unless it can only be oneself), check, book. One address: what has been chosen goes along in the form.</summary>
[Requires(TrainingPermissions.Book)]
internal sealed class BookPlacesPage(IMediator mediator, Bookable bookable, Tariff tariff, CurrentUser me, TimeProvider clock) : CpdPage {
    [BindProperty(SupportsGet = true, Name = "find")] public string? Find { get; set; }
    [BindProperty] public List<Guid> PersonIds { get; set; } = [];
    /// <summary>All of them get places, or all of them wait.</summary>
    [BindProperty] public bool Together { get; set; }
    /// <summary>Sent by the button of the check page.</summary>
    [BindProperty] public bool Confirmed { get; set; }

    internal OpenSession.View Session { get; private set; } = null!;
    internal ListBookable.View Choice { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Candidates => [.. Choice.Candidates.Select(c => new HintedItem(c.Name, c.PersonId.ToString(),
        string.Join(". ", new[] { c.SettingName, c.Booked is { } state ? TrainingWording.Of(state) : "" }.Where(t => t.Length > 0))) { Disabled = c.Booked is not null })];
    internal IReadOnlyList<BookablePerson> Chosen { get; private set; } = [];
    internal FindWarnings.View Warnings { get; private set; } = FindWarnings.None;
    /// <summary>What cancelling costs, in words.</summary>
    internal IReadOnlyList<string> Terms { get; private set; } = [];
    /// <summary>What the organiser asks of everyone who is booked.</summary>
    internal IReadOnlyList<string> Asked { get; private set; } = [];
    internal IReadOnlyList<BookPlaces.Answer> Answers { get; private set; } = [];
    internal static IReadOnlyList<SelectListItem> Ways => [
        new HintedItem("Book as many as fit", "false", "The others wait, each for the next free place"),
        new HintedItem("Book all or none", "true", "All wait until there are places for everyone; in the meantime free places go to others, but not more often than your local authority allows"),
    ];
    internal bool OnlySelf => me.Reach(TrainingPermissions.Book) is { All: false, Authorities.Count: 0, Settings.Count: 0 };

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refusal) return Refused(refusal);
        if (Session.NotBookable is not null) return Redirect(TrainingLinks.Session(id));
        if (!OnlySelf) return Page();
        if (Session.MyBookingId is { } mine) return Redirect(TrainingLinks.Booking(mine));
        await Choose([me.PersonId], ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (!Confirmed && PersonIds.Count > 0) {
            if (await Load(id, ct) is { } unseen) return Refused(unseen);
            await Choose([.. PersonIds.Distinct().Take(200)], ct);
            return Chosen.Count > 0 ? Page() : Refused(Outcome.Invalid(nameof(PersonIds), "Select who you want to book"));
        }
        var outcome = await mediator.Send(new BookPlaces.Command(id, PersonIds, Together), ct);
        if (outcome.Refusal is { } refusal) return Refused(await Load(id, ct) ?? refusal);
        if (outcome.Value is [{ BookingId: { } booking } only]) return Redirect((await Asks(only, ct) ? TrainingLinks.Questions(booking) : TrainingLinks.Booking(booking)) + "?made=true");
        // Several people have several answers, more than a cookie holds. The form may be sent again without harm: whoever is booked stays so.
        Answers = outcome.Value;
        return await Load(id, ct) is { } gone ? Refused(gone) : Page();
    }

    /// <summary>The organiser asks something that this reader can answer for themselves and has not let the service remember.</summary>
    async Task<bool> Asks(BookPlaces.Answer answer, CancellationToken ct) =>
        answer.PersonId == me.PersonId && (await mediator.Send(new AnswerQuestions.Query(answer.BookingId!.Value), ct)) is { Refusal: null, Value.Done: false };

    async Task Choose(IReadOnlyList<Guid> ids, CancellationToken ct) {
        Chosen = (await bookable.Among(ids, ct)).People;
        Warnings = await mediator.Send(new FindWarnings.Query(Session.Id, ids), ct);
        Asked = await mediator.Send(new SetSessionQuestions.AskedQuery(Session.Id), ct);
        Terms = (await tariff.Terms(Session.AuthorityId, clock.GetUtcNow().UtcDateTime, ct)).Words(Session.Dates[0].StartsAt);
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenSession.Query(id), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Session = outcome.Value;
        Choice = await mediator.Send(new ListBookable.Query(id, Find), ct);
        return null;
    }
}
