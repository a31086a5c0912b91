using Mono.Cecil;

namespace Cpd.Architecture.Tests;

/// <summary>
/// Names that say nothing about the domain hide what a type does and attract what has no home. An event is named for what
/// happened (<c>PlaceBooked</c>): its interface says already that it is one.
/// </summary>
static class CodeWords {
    static readonly string[] Empty = ["Manager", "Helper", "Service", "Dto", "DTO", "Common", "Util", "Utils", "Repository"];

    public static IReadOnlyList<string> Problems(IEnumerable<TypeDefinition> types) {
        var problems = new List<string>();
        foreach (var type in types) {
            var name = type.Plain();
            // A tag helper is the framework's own noun, and its base class says what it does.
            if (Empty.FirstOrDefault(word => name.EndsWith(word, StringComparison.Ordinal)) is { } empty && !type.Is("TagHelper"))
                problems.Add($"{type.FullName} ends in {empty}: name it for what it does");
            if (type.IsRecord() && type.Is("IEvent") && name.EndsWith("Event", StringComparison.Ordinal))
                problems.Add($"{type.FullName} is an event that says so: name what happened, in the past tense");
        }
        return problems;
    }
}

public class CodeWordTests {
    [Fact]
    public void CodeWords_Product_SayWhatTypesDo() {
        var types = Product.Written(Product.Assemblies);
        Assert.Contains(types, t => t.IsRecord() && t.Is("IEvent"));
        Expect.None(CodeWords.Problems(types));
    }

    [Fact]
    public void CodeWords_NameIsEmptyOrSuffixed_IsNamed() => Expect.Each(CodeWords.Problems(Product.Fixtures<Fixture>()),
        "BookingManager ends in Manager", "DateHelper ends in Helper", "MailService ends in Service", "PersonDto ends in Dto", "BookingRepository`1 ends in Repository", "PlaceBookedEvent is an event");

    public sealed class Fixture {
        internal interface IEvent;
        internal enum Role { SettingManager }
        internal sealed class BookingManager;
        internal sealed class DateHelper;
        internal sealed class MailService;
        internal sealed record PersonDto;
        internal sealed class BookingRepository<T>;
        internal sealed record PlaceBookedEvent : IEvent;
        internal sealed record PlaceCancelled : IEvent;
        internal sealed class Services;
        internal sealed class ButtonTagHelper : Microsoft.AspNetCore.Razor.TagHelpers.TagHelper;
    }
}
