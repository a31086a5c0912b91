using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Platform.Registers;

/// <summary>Where somebody is, as far as the register knows.</summary>
public enum DoorPlace { None, Here, Left, Absent }

/// <summary>A line of the register as it is seen at the door.</summary>
/// <param name="Id">What a mark is about: <see cref="DoorPage.Whom"/> says what it is.</param>
/// <param name="More">What tells people of one name apart.</param>
/// <param name="Code">Read by a camera or typed.</param>
/// <param name="Last">The mark made last, which can be taken back for 15 minutes.</param>
public sealed record DoorEntry(Guid Id, string Name, string More, string Code, DoorPlace Place, string Words, Guid? Last, DateTime? LastMadeAt);

/// <summary>Somebody who is not on the register and may have come.</summary>
public sealed record DoorStranger(Guid PersonId, string Name, string SettingName);

/// <summary>What a register calls things, in the page's words.</summary>
/// <param name="Nobody">When it is empty.</param>
/// <param name="NobodyMore">What to do then.</param>
/// <param name="Strangers">The heading above those who are not on it.</param>
public sealed record DoorWords(string Find, string Nobody, string NobodyMore, string Strangers, string Who, string WhoHint);

/// <summary>
/// The register at the door: one tap a person, on a phone. Without script each tap is a form; with it, marks gather on the phone while there is no network and come
/// here as JSON (docs/adr/0026). The page of a module loads its register, and shows it with _Door.cshtml.
/// </summary>
public abstract class DoorPage(TimeProvider clock) : CpdPage {
    /// <summary>Part of a name or a setting, or a code.</summary>
    [BindProperty(SupportsGet = true, Name = "find")] public string? Find { get; set; }
    /// <summary>The beginning of the name of somebody who is not on the register.</summary>
    [BindProperty(SupportsGet = true, Name = "who")] public string? Who { get; set; }
    /// <summary>When they came, if that was noted before they were found.</summary>
    [BindProperty(SupportsGet = true, Name = "came")] public DateTimeOffset? CameAt { get; set; }
    /// <summary>The button: whom, and what of them. "{line}.Came", "{line}.Undo.{nonce}", "{person}.WalkIn".</summary>
    [BindProperty] public string? Tap { get; set; }
    /// <summary>Of the page as it was sent out: the nonces of its taps come from it.</summary>
    [BindProperty] public Guid Token { get; set; }

    /// <summary>The session or meeting.</summary>
    public abstract Guid Register { get; }
    public abstract string Address { get; }
    /// <summary>The field of a mark that says whom it is about.</summary>
    public abstract string Whom { get; }
    public abstract Guid Me { get; }
    public abstract bool IsOpen { get; }
    public abstract bool IsClosed { get; }
    public abstract DoorWords DoorWords { get; }

    public IReadOnlyList<DoorEntry> All { get; private set; } = [];
    public IReadOnlyList<DoorEntry> Shown { get; private set; } = [];
    public IReadOnlyList<DoorStranger> Strangers { get; protected set; } = [];

    protected DateTime Now => clock.GetUtcNow().UtcDateTime;

    public bool MayUndo(DoorEntry entry) => entry.LastMadeAt is { } made && Now - made <= Presence.Undoable;

    /// <summary>Takes the register, and shows of it what is looked for.</summary>
    protected void Fill(IEnumerable<DoorEntry> entries) {
        All = [.. entries];
        var (words, code) = ((Find ?? "").Trim(), Codes.Normalise(Find ?? ""));
        Shown = words.Length == 0 ? All : [.. All.Where(e => e.Code == code || Has(e.Name) || Has(e.More))];
        if (Token == Guid.Empty) Token = Ids.New(clock);

        bool Has(string text) => CultureInfo.InvariantCulture.CompareInfo.IndexOf(text, words, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0;
    }

    /// <summary>A button that was pressed. The same button of the same page is the same mark, however often it is pressed.</summary>
    /// <param name="IsStranger">Whom it is about is a person who is not on the register yet.</param>
    protected sealed record Pressed(Guid Nonce, MarkKind Kind, Guid Whom, bool IsStranger, Guid? Undoes) {
        /// <summary>What is said when it has been counted.</summary>
        public string Says(string name) => Kind switch { MarkKind.Left => $"{name} has left.", MarkKind.Absent => $"{name} did not come.", MarkKind.Undo => $"Undone for {name}.", _ => $"{name} is here." };
    }

    /// <summary>Null for what is none of the page's buttons.</summary>
    protected Pressed? Button() {
        var parts = (Tap ?? "").Split('.');
        if (parts.Length < 2 || !Guid.TryParse(parts[0], out var whom)) return null;
        var nonce = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{Token}\n{Tap}")).AsSpan(0, 16));
        if (parts[1] == "WalkIn") return new(nonce, MarkKind.Came, whom, IsStranger: true, null);
        if (!Enum.TryParse<MarkKind>(parts[1], out var kind) || kind is not (MarkKind.Came or MarkKind.Left or MarkKind.Absent or MarkKind.Undo)) return null;
        return new(nonce, kind, whom, IsStranger: false, parts.Length > 2 && Guid.TryParse(parts[2], out var undoes) ? undoes : null);
    }

    /// <summary>Whom a button was about.</summary>
    protected string NameOf(Pressed pressed) => All.FirstOrDefault(e => e.Id == pressed.Whom)?.Name ?? Strangers.FirstOrDefault(s => s.PersonId == pressed.Whom)?.Name ?? "They";

    /// <summary>Back to the register, with what was looked for.</summary>
    protected IActionResult Back() => Redirect(Address + (string.IsNullOrWhiteSpace(Find) ? "" : $"?find={Uri.EscapeDataString(Find)}"));

    /// <summary>For the phone that sent marks: what became of each, or why none was taken.</summary>
    protected IActionResult Answered<T>(Outcome<T> outcome) => outcome.Refusal switch {
        null => new JsonResult(outcome.Value),
        Messaging.NotFound => NotFound(),
        Conflict conflict => new JsonResult(new { why = conflict.Sentence }) { StatusCode = 409 },
        Invalid invalid => new JsonResult(new { why = invalid.Errors[0].Sentence }) { StatusCode = 400 },
        _ => StatusCode(403),
    };
}
