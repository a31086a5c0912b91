using System.Reflection;
using AngleSharp;
using AngleSharp.Dom;
using Cpd.Platform.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Platform;

/// <summary>Text and HTML of every kind of message: the same words, nothing that people typed as form, and links that lead here from anywhere.</summary>
public sealed class LetterTests(CpdApp app) : IClassFixture<CpdApp> {
    const string Hostile = "<script>alert(1)</script> \"O'Neill\" & <b>";

    LetterKinds Kinds => app.Services.GetRequiredService<LetterKinds>();
    PostMaker Maker => app.Services.GetRequiredService<PostMaker>();

    Specimen For(string name) => new("ann@example.org", name, app.Now, path => "https://cpd.example" + path);

    [Fact]
    public void Kinds_OfEveryModule_AreListed() {
        var declared = Program.Modules.Select(m => m.GetType().Assembly).Append(typeof(LetterKind).Assembly).Distinct().SelectMany(a => a.GetTypes())
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)).Where(f => f.FieldType == typeof(LetterKind)).Select(f => ((LetterKind)f.GetValue(null)!).Name).ToList();
        Assert.True(declared.Count > 25, $"{declared.Count} kinds were found");
        Assert.Equal(declared.Order(StringComparer.Ordinal), Kinds.All.Select(k => k.Name).Order(StringComparer.Ordinal));
        Assert.All(Kinds.All, k => Assert.InRange(k.Name.Length, 1, 60));
        Assert.DoesNotContain(Kinds.All, k => k.Name.Contains('/', StringComparison.Ordinal));
    }

    [Fact]
    public async Task EveryKind_AsTextAndAsHtml_SaysTheSame() {
        foreach (var kind in Kinds.All) {
            var letter = kind.Example(For("Ann Bell"));
            var post = Maker.Make(Guid.Empty, letter, new(Guid.Empty, "Thurrock") { Contact = "training@thurrock.example" }, kind, kind.MayRefuse ? "https://cpd.example/no-more/x" : null);
            var page = await Html(post);
            var read = Words(page.Body!);
            Assert.Equal(post.Subject, page.Title);
            Assert.Equal(post.Subject, Assert.Single(page.QuerySelectorAll("h1")).TextContent);
            Assert.Equal("en-GB", page.DocumentElement.GetAttribute("lang"));
            Assert.Contains("Dear Ann Bell,", read, StringComparison.Ordinal);
            Assert.Contains("Dear Ann Bell,\n", post.Text, StringComparison.Ordinal);
            foreach (var part in letter.Parts)
                foreach (var words in part switch { Say s => [s.Text], Fact f => [f.Label, .. f.Value.Split('\n')], Do d => [d.Text], See s => new[] { s.Text }, _ => throw new InvalidOperationException() }) {
                    Assert.Contains(words, post.Text, StringComparison.Ordinal);
                    Assert.Contains(words, read, StringComparison.Ordinal);
                }
            var links = letter.Parts.Select(p => p switch { Do d => d.Address, See s => s.Address, _ => null }).OfType<string>().ToList();
            Assert.True(letter.Parts.OfType<Do>().Count() <= 1, $"{kind.Name} asks for more than one thing");
            Assert.Equal(links.Concat(kind.MayRefuse ? ["https://cpd.example/no-more/x"] : []), page.QuerySelectorAll("a").Select(a => a.GetAttribute("href")));
            Assert.All(links, l => {
                Assert.StartsWith("https://cpd.example/", l, StringComparison.Ordinal);
                Assert.Contains(l + "\n", post.Text, StringComparison.Ordinal);
            });
            // Whom to ask, in both.
            Assert.Contains("Questions? training@thurrock.example", post.Text, StringComparison.Ordinal);
            Assert.Contains("Questions? training@thurrock.example", read, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task EveryKind_HostileName_IsReadAndNotRun() {
        foreach (var kind in Kinds.All) {
            var post = Maker.Make(Guid.Empty, kind.Example(For(Hostile)), new(Guid.Empty, Hostile) { Introduction = Hostile, Closing = Hostile, Contact = Hostile, SignOff = Hostile, Added = new Dictionary<string, string> { [kind.Name] = Hostile } }, kind);
            var page = await Html(post);
            Assert.Empty(page.QuerySelectorAll("script, b, img, style, link, form"));
            Assert.DoesNotContain("<script", post.Html, StringComparison.OrdinalIgnoreCase);
            Assert.Contains($"Dear {Hostile},", Words(page.Body!), StringComparison.Ordinal);
            Assert.Contains($"Dear {Hostile},", post.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Make_PartsThatPeopleTyped_AreEncodedAndStayOnTheirLines() {
        var letter = new Letter("a@example.org", "Ann\r\nBcc: all@example.org", "Hello\r\nBcc: all@example.org", [
            new Say(Hostile), new Fact(Hostile, "one\ntwo <i>"), new Do(Hostile, "https://cpd.example/?a=1&b=\"><script>"), new See(Hostile, "https://cpd.example/"),
        ]);
        var post = Maker.Make(Guid.Empty, letter);
        Assert.Equal("Hello Bcc: all@example.org", post.Subject);
        Assert.StartsWith("Dear Ann Bcc: all@example.org,\n", post.Text, StringComparison.Ordinal);
        Assert.Contains(":\n    one\n    two <i>", post.Text, StringComparison.Ordinal);
        var page = await Html(post);
        Assert.Empty(page.QuerySelectorAll("script, b, i"));
        Assert.Equal(["https://cpd.example/?a=1&b=\"><script>", "https://cpd.example/"], page.QuerySelectorAll("a").Select(a => a.GetAttribute("href")));
        Assert.Equal(2, page.QuerySelectorAll("td").Single(t => t.TextContent.Contains("two", StringComparison.Ordinal) && t.QuerySelector("td") is null).ChildNodes.OfType<IText>().Count());
        Assert.Equal(1, page.QuerySelectorAll("th[scope=row]").Length);
    }

    [Theory]
    [InlineData("/bookings")]
    [InlineData("javascript:alert(1)")]
    [InlineData("mailto:a@example.org")]
    public void Make_LinkIsNoWholeAddress_IsRefused(string address) {
        Assert.Throws<InvalidOperationException>(() => Maker.Make(Guid.Empty, new("a@example.org", "Ann", "Hello", [new Do("Go", address)])));
        Assert.Throws<InvalidOperationException>(() => Maker.Make(Guid.Empty, new("a@example.org", "Ann", "Hello", [new See("Go", address)])));
    }

    [Fact]
    public async Task Make_AuthoritysWords_StandInTheirPlaces() {
        var head = new Letterhead(Guid.Empty, "Thurrock") {
            Introduction = "News from us.", Closing = "Goodbye.", SignOff = "The team", Contact = "Ring 01375.", Added = new Dictionary<string, string> { ["booking-confirmed"] = "Bring a cup." }, Logo = new("/logos/1", 300, 100),
        };
        var kind = Kinds.Find("booking-confirmed")!;
        var post = Maker.Make(Guid.Empty, kind.Example(For("Ann")), head, kind);
        string[] inOrder = ["Dear Ann,", "News from us.", "You have a place.", "Bring a cup.", "Goodbye.", "The team", "Questions? Ring 01375."];
        Assert.Equal(inOrder, inOrder.OrderBy(w => post.Text.IndexOf(w, StringComparison.Ordinal)));
        var page = await Html(post);
        var logo = page.QuerySelector("img")!;
        Assert.Equal(("Thurrock", "180", "60"), (logo.GetAttribute("alt"), logo.GetAttribute("width"), logo.GetAttribute("height")));
        Assert.EndsWith("/logos/1", logo.GetAttribute("src"), StringComparison.Ordinal);
        Assert.StartsWith("http", logo.GetAttribute("src"), StringComparison.Ordinal);
        Assert.DoesNotContain("Bring a cup.", Maker.Make(Guid.Empty, kind.Example(For("Ann")), head, Kinds.Find("booking-waiting")).Text, StringComparison.Ordinal);
        Assert.Contains("Ask the early years team of Kent.", Maker.Make(Guid.Empty, kind.Example(For("Ann")), new(Guid.Empty, "Kent"), kind).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Keep_LetterIsReadAgain_IsTheSame() {
        foreach (var kind in Kinds.All) {
            var letter = kind.Example(For(Hostile));
            var again = Letter.Read(letter.Recipient, letter.Subject, letter.Keep(), null);
            Assert.Equal(letter.Parts, again.Parts);
            Assert.Equal(letter with { Parts = [] }, again with { Parts = [] });
        }
    }

    [Fact]
    public void Read_TextFromBeforeLettersHadParts_IsSaidAsItWas() {
        var letter = Letter.Read("a@example.org", "Booked", "Dear Ann,\n\nYou have a place.", null);
        Assert.Equal([new Say("Dear Ann,"), new Say("You have a place.")], letter.Parts);
        Assert.StartsWith("Dear Ann,\n\nYou have a place.\n\n", Maker.Make(Guid.Empty, letter).Text, StringComparison.Ordinal);
    }

    static Task<IDocument> Html(Post post) => BrowsingContext.New().OpenAsync(r => r.Content(post.Html));
    static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
