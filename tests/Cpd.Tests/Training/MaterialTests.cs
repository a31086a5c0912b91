using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Cpd.People.Contracts;
using Cpd.Platform.Files;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Materials;

namespace Cpd.Tests.Training;

/// <summary>A trainer's own sessions and the materials that go with them.</summary>
public sealed class MaterialTests(CpdApp app) : IClassFixture<CpdApp> {
    static readonly byte[] Pdf = Encoding.ASCII.GetBytes("%PDF-1.7\nand so on");

    sealed record Held(Actor Officer, Actor Trainer, Guid Setting, Guid Session, Actor Booked, Guid Booking);

    async Task<Held> Session() {
        var authority = await app.Given.Authority();
        var (officer, setting, trainer) = (await app.Given.Officer(authority), await app.Given.Setting(authority), await app.Given.Holder(Role.Trainer, OrganisationKind.None, Guid.Empty));
        var (_, session) = await app.Session(officer, with: s => s with { TrainerPersonId = trainer.PersonId });
        var person = await app.Given.Practitioner(setting);
        var booking = (await app.Send(person, new BookPlaces.Command(session, [person.PersonId]))).Single().BookingId!.Value;
        return new(officer, trainer, setting, session, person, booking);
    }

    static async Task<HttpResponseMessage> Upload(Browser browser, Guid session, string title, string name, byte[] content, string link = "") {
        var page = await browser.Get($"/sessions/{session}/materials");
        var token = page.Document.QuerySelector("#add-material input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var body = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" }, { new StringContent(title), "Title" }, { new StringContent(link), "Link" }, { file, "Attachment", name } };
        return await browser.Client.PostAsync(new Uri($"/sessions/{session}/materials", UriKind.Relative), body);
    }

    [Fact]
    public async Task Pages_OfOthers_AreKeptOut() {
        var held = await Session();
        foreach (var address in (string[])[$"/my-sessions/{held.Session}", "/my-sessions"]) {
            Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(held.Officer)).Get(address)).Status);
        }
        var other = await app.Given.Holder(Role.Trainer, OrganisationKind.None, Guid.Empty);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(other)).Get($"/my-sessions/{held.Session}")).Status);
        var materials = $"/sessions/{held.Session}/materials";
        Assert.Contains("/sign-in", (await app.Browser().Get(materials)).RedirectsTo, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(held.Booked)).Get(materials)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(other)).Get(materials)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Officer(await app.Given.Authority("Bradford")))).Get(materials)).Status);
        Assert.Equal(HttpStatusCode.OK, (await (await app.Browser(held.Officer)).Get(materials)).Status);
    }

    [Fact]
    public async Task Get_OwnSessions_AreTheTrainersOnly() {
        var held = await Session();
        var (_, foreign) = await app.Session(held.Officer, title: "Somebody else's course");
        var browser = await app.Browser(held.Trainer);
        var list = await browser.Get("/my-sessions");
        Assert.Contains("Babbling Babies", list.Words, StringComparison.Ordinal);
        Assert.Contains("1 of 16", list.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Somebody else", list.Words, StringComparison.Ordinal);
        Assert.Contains("No sessions here", (await browser.Get("/my-sessions?past=true")).Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get($"/my-sessions/{foreign}")).Status);
        var page = await browser.Get($"/my-sessions/{held.Session}");
        Assert.Contains("1 of 16 places", page.Words, StringComparison.Ordinal);
        foreach (var link in page.Document.QuerySelectorAll("main a[href^='/']").Select(a => a.GetAttribute("href")!)) Assert.Equal(HttpStatusCode.OK, (await browser.Get(link)).Status);
        var api = await app.Api(held.Trainer);
        Assert.Equal(held.Session, (await api.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/my-sessions", UriKind.Relative))).GetProperty("items")[0].GetProperty("id").GetGuid());
        Assert.Equal("Babbling Babies", (await api.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/my-sessions/{held.Session}", UriKind.Relative))).GetProperty("session").GetProperty("courseTitle").GetString());
    }

    [Fact]
    public async Task Post_LinkAndFile_AreForThoseWhoAreBooked() {
        var held = await Session();
        var trainer = await app.Browser(held.Trainer);
        var page = await trainer.Get($"/sessions/{held.Session}/materials");
        Assert.Equal(["Enter a title", "Enter a link or select a file"], (await page.Post([], "#add-material")).Errors);
        Assert.Equal(["The link must be a web address, like https://example.org/handout"], (await page.Post([("Title", "Reading"), ("Link", "javascript:alert(1)")], "#add-material")).Errors);
        Assert.Equal(HttpStatusCode.Redirect, (await page.Post([("Title", "Reading"), ("Link", "https://example.org/reading")], "#add-material")).Status);
        // More than one part, so that they are put together in order.
        var large = Pdf.Concat(Enumerable.Range(0, 1_300_000).Select(i => (byte)(i * 7))).ToArray();
        using (var sent = await Upload(trainer, held.Session, "Slides", "C:\\talks\\Slides £1.pdf", large)) Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);

        var booked = await app.Browser(held.Booked);
        var booking = await booked.Get($"/bookings/{held.Booking}");
        Assert.Contains("Slides (PDF, 1 MB)", booking.Words, StringComparison.Ordinal);
        Assert.Equal("https://example.org/reading", booking.Document.QuerySelectorAll("main a").Single(a => a.TextContent == "Reading").GetAttribute("href"));
        var address = booking.Document.QuerySelectorAll("main a").Single(a => a.TextContent.StartsWith("Slides", StringComparison.Ordinal)).GetAttribute("href")!;
        foreach (var who in (Actor[])[held.Booked, held.Trainer, held.Officer]) {
            using var file = await (await app.Browser(who)).Client.GetAsync(new Uri(address, UriKind.Relative));
            Assert.Equal(("application/pdf", "attachment"), (file.Content.Headers.ContentType!.MediaType, file.Content.Headers.ContentDisposition!.DispositionType));
            Assert.Equal("Slides £1.pdf", file.Content.Headers.ContentDisposition.FileNameStar);
            Assert.Equal(large, await file.Content.ReadAsByteArrayAsync());
        }
        Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
        var colleague = await app.Given.Practitioner(held.Setting);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(colleague)).Get(address)).Status);
        await app.Send(held.Booked, new CancelBooking.Command(held.Booking, "Ill"));
        Assert.Equal(HttpStatusCode.NotFound, (await booked.Get(address)).Status);

        var list = await trainer.Get($"/sessions/{held.Session}/materials");
        await list.Post([], $"main dl form:has(input[value='{address.Split('/')[^1]}'])");
        Assert.Equal(HttpStatusCode.NotFound, (await trainer.Get(address)).Status);
        Assert.Equal(0, await app.Count("training_MaterialPart", "MaterialId = @Id", new { Id = Guid.Parse(address.Split('/')[^1]) }));
        Assert.IsType<NotFound>((await app.Ask(held.Officer, new RemoveMaterial.Command(held.Session, Guid.Parse(address.Split('/')[^1])))).Refusal);
    }

    [Theory]
    [InlineData("slides.exe", "%PDF-1.7", "The file must be a PDF, Word, PowerPoint, Excel, OpenDocument, PNG, JPEG or plain text file")]
    [InlineData("slides.html", "%PDF-1.7", "The file must be a PDF, Word, PowerPoint, Excel, OpenDocument, PNG, JPEG or plain text file")]
    [InlineData("slides.pdf", "MZ and so on", "The file is not what its name says: .pdf")]
    [InlineData("slides.txt", "text\0text", "The file is not what its name says: .txt")]
    [InlineData("slides.pdf", "", "The file is empty")]
    public async Task Post_FileThatMayNotBe_IsRefused(string name, string content, string sentence) {
        var held = await Session();
        using var answer = await Upload(await app.Browser(held.Trainer), held.Session, "Slides", name, Encoding.ASCII.GetBytes(content));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(sentence, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await app.Count("training_Material", "SessionId = @Session", new { held.Session }));
    }

    [Fact]
    public async Task Post_TooLargeTooManyOrBoth_IsRefused() {
        var held = await Session();
        var trainer = await app.Browser(held.Trainer);
        using (var large = await Upload(trainer, held.Session, "Slides", "slides.pdf", [.. Pdf, .. new byte[SentFile.Longest]]))
            Assert.Contains("The file must be smaller than 10 MB", await large.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var both = await Upload(trainer, held.Session, "Slides", "slides.pdf", Pdf, "https://example.org"))
            Assert.Contains("Enter a link or select a file, not both", await both.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        for (var i = 0; i < 20; i++) await app.Send(held.Trainer, new AddMaterial.Command(held.Session, $"Link {i}", "https://example.org", null, null));
        Assert.Equal("A session can have at most 20 materials. Remove one first.", Assert.IsType<Conflict>((await app.Ask(held.Trainer, new AddMaterial.Command(held.Session, "One more", "https://example.org", null, null))).Refusal).Sentence);
    }

    [Fact]
    public async Task Api_FileAndRemoval_Work() {
        var held = await Session();
        var api = await app.Api(held.Trainer);
        using var made = await api.PostAsJsonAsync($"/api/v1/sessions/{held.Session}/materials", new { title = "Handout", fileName = "handout.pdf", content = Convert.ToBase64String(Pdf) });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var listed = (await api.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/sessions/{held.Session}/materials", UriKind.Relative))).GetProperty("materials")[0];
        Assert.Equal(("handout.pdf", Pdf.Length), (listed.GetProperty("fileName").GetString(), listed.GetProperty("size").GetInt32()));
        using var gone = await api.DeleteAsync(new Uri($"/api/v1/sessions/{held.Session}/materials/{listed.GetProperty("id").GetGuid()}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
    }
}
