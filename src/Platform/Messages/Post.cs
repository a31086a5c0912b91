using Cpd.Platform.Calendars;

namespace Cpd.Platform.Messages;

/// <summary>A message in the form in which it goes out.</summary>
/// <param name="Recipient">An e-mail address; or a mobile number ("+447700900123"), and it is a text message.</param>
/// <param name="Html">The same as the text, as a page for mail programs.</param>
/// <param name="Calendar">What it holds for its reader's calendar; mail programs show it in place of the text or beside it.</param>
/// <param name="Refuse">Where its reader can say that they want no more of this kind; null for what can't be refused. A POST there does it at once (RFC 8058).</param>
public sealed record Post(Guid Id, string Recipient, string Subject, string Text, string Html, CalendarPart? Calendar = null, string? Refuse = null) {
    /// <summary>It may have been handed over before, and nobody knows what became of it: a channel that can look it up looks first.</summary>
    public bool Again { get; init; }

    internal bool IsText => Recipient.StartsWith('+');
}
