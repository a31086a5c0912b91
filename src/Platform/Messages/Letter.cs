using System.Text.Json;
using System.Text.Json.Serialization;
using Cpd.Platform.Calendars;

namespace Cpd.Platform.Messages;

/// <summary>
/// What is said to one person: the one source of its words, from which text and HTML are made when it is sent, with what their authority adds. It goes to one
/// address, greets by name, and holds nothing but words and addresses, so what people have typed can't become form.
/// </summary>
/// <param name="Name">Whom it greets; nobody when empty.</param>
/// <param name="Subject">Also its heading.</param>
/// <param name="Parts">In the order in which they are read. What to do is one <see cref="Do"/>; whom to ask is added.</param>
public sealed record Letter(string Recipient, string Name, string Subject, IReadOnlyList<Part> Parts) : Saying {
    public CalendarPart? Calendar { get; init; }

    /// <summary>As it is kept until it is sent.</summary>
    internal string Keep() => JsonSerializer.Serialize(new Kept(Name, Parts), Form);

    /// <summary>The letter that was kept, or the plain text that was before letters had parts.</summary>
    internal static Letter Read(string recipient, string subject, string body, CalendarPart? calendar) {
        var kept = body.StartsWith('{') ? JsonSerializer.Deserialize<Kept>(body, Form)! : new("", [.. body.Split("\n\n").Select(t => new Say(t))]);
        return new(recipient, kept.Name, subject, kept.Parts) { Calendar = calendar };
    }

    sealed record Kept(string Name, IReadOnlyList<Part> Parts);

    static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);
}

/// <summary>A part of a letter.</summary>
[JsonDerivedType(typeof(Say), "say"), JsonDerivedType(typeof(Fact), "fact"), JsonDerivedType(typeof(Do), "do"), JsonDerivedType(typeof(See), "see")]
public abstract record Part;

/// <summary>A paragraph; its line breaks stand.</summary>
public sealed record Say(string Text) : Part;

/// <summary>A label and what it is ("Where", "Town Hall"); those that follow one another are shown together. Line breaks in the value stand.</summary>
public sealed record Fact(string Label, string Value) : Part;

/// <summary>The one thing that the reader can do about it, at a whole address.</summary>
public sealed record Do(string Text, string Address) : Part;

/// <summary>Something else to open, at a whole address.</summary>
public sealed record See(string Text, string Address) : Part;
