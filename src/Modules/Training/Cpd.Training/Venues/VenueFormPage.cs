using Cpd.Platform.Web;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Venues;

/// <summary>The form of a venue, the same when it is added and when it is changed. A button adds a row for another room.</summary>
internal abstract class VenueFormPage : CpdPage {
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? Address { get; set; }
    [BindProperty] public string? MapLink { get; set; }
    [BindProperty] public string? AccessNotes { get; set; }
    [BindProperty] public List<TypedRoom> Rooms { get; set; } = [];
    /// <summary>Sent by the button that asks for a row for another room.</summary>
    [BindProperty] public bool AnotherRoom { get; set; }

    /// <summary>The page again as it was typed, with a row more.</summary>
    protected IActionResult WithAnotherRoom() {
        Rooms.Add(new());
        foreach (var entry in ModelState.Values) entry.Errors.Clear();
        return Page();
    }
}
