using System.Net;
using Cpd.Accreditation.Contracts;
using Cpd.Accreditation.Schemes;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;

namespace Cpd.Tests.Accreditation;

public sealed class SchemeTests(CpdApp app) : IClassFixture<CpdApp> {
    async Task<Actor> Accreditor() {
        var id = await app.Given.Organisation(OrganisationKind.Accreditor, $"Accreditor {Ids.New(app.Clock)}");
        return await app.Given.Holder(Role.Accreditor, OrganisationKind.Accreditor, id);
    }

    static Guid Organisation(Actor accreditor) => accreditor.Grants[0].OrganisationId;

    static (string, string?)[] Terms(Guid course, string reference = "QM-1") => [
        ("CourseId", course.ToString()), ("Reference", reference), ("ValidFrom.Day", "1"), ("ValidFrom.Month", "9"), ("ValidFrom.Year", "2026"), ("ValidTo.Day", "31"), ("ValidTo.Month", "8"), ("ValidTo.Year", "2027"),
    ];

    [Fact]
    public async Task Post_SchemeAndCourse_AccreditTheCourse() {
        var accreditor = await Accreditor();
        var course = await app.Course(await app.Given.Authority(), "Quiet corners");
        var browser = await app.Browser(accreditor);
        Assert.Contains("No schemes yet", (await browser.Get("/schemes")).Words, StringComparison.Ordinal);

        var added = await (await browser.Get("/schemes/add")).Post([("Name", "Quality mark"), ("Description", "Half the time is taking part")]);
        var scheme = added.RedirectsTo!;
        var form = await browser.Get($"{scheme}/courses/add?Search=quiet");
        Assert.Contains("Quiet corners", form.Words, StringComparison.Ordinal);
        Assert.Equal(scheme, (await form.Post(Terms(course))).RedirectsTo);

        var page = await browser.Get(scheme);
        Assert.Equal("The course has been accredited.", page.Banner);
        Assert.Contains("Quiet corners QM-1 1 September 2026 to 31 August 2027 Valid End", page.Words, StringComparison.Ordinal);
        Assert.Contains("Quality mark", (await browser.Get("/schemes")).Words, StringComparison.Ordinal);
        var card = Assert.Single(await app.Ask(accreditor, new FindAccreditations([course, Ids.New(app.Clock)], new DateOnly(2027, 8, 31))));
        Assert.Equal((course, "Quality mark", "QM-1"), (card.CourseId, card.SchemeName, card.Reference));
        Assert.Empty(await app.Ask(accreditor, new FindAccreditations([course], new DateOnly(2027, 9, 1))));
    }

    [Fact]
    public async Task Post_EndOfAnAccreditation_CountsFromToday() {
        var accreditor = await Accreditor();
        var course = await app.Course(await app.Given.Authority(), "Loud corners");
        var scheme = await app.Send(accreditor, new AddScheme.Command(Organisation(accreditor), "Mark", "Rules"));
        var id = await app.Send(accreditor, new AccreditCourse.Command(scheme, course, "QM-2", new DateOnly(2026, 9, 1), new DateOnly(2027, 8, 31), null));
        var browser = await app.Browser(accreditor);
        var form = await browser.Get($"/schemes/{scheme}/courses/{id}/end");
        Assert.Equal(["Enter the reason"], (await form.Post([("Reason", " ")])).Errors);
        Assert.Equal($"/schemes/{scheme}", (await form.Post([("Reason", "No longer taught")])).RedirectsTo);
        Assert.Contains("Ended on 5 October 2026", (await browser.Get($"/schemes/{scheme}")).Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get($"/schemes/{scheme}/courses/{id}/end")).Status);
        Assert.Single(await app.Ask(accreditor, new FindAccreditations([course], new DateOnly(2026, 10, 4))));
        Assert.Empty(await app.Ask(accreditor, new FindAccreditations([course], new DateOnly(2026, 10, 5))));
        await app.Send(accreditor, new AccreditCourse.Command(scheme, course, "QM-3", new DateOnly(2026, 10, 5), new DateOnly(2027, 8, 31), null));
    }

    [Fact]
    public async Task Post_SameDaysTwice_IsRefused() {
        var accreditor = await Accreditor();
        var course = await app.Course(await app.Given.Authority(), "Soft corners");
        var scheme = await app.Send(accreditor, new AddScheme.Command(Organisation(accreditor), "Mark", "Rules"));
        await app.Send(accreditor, new AccreditCourse.Command(scheme, course, "QM-1", new DateOnly(2027, 8, 31), new DateOnly(2028, 8, 31), null));
        var page = await (await (await app.Browser(accreditor)).Get($"/schemes/{scheme}/courses/add?Search=soft")).Post(Terms(course));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["The scheme accredits this course already for some of these days"], page.Errors);
    }

    [Theory]
    [InlineData("CourseId", null, "Select the course")]
    [InlineData("Reference", "", "Enter your reference for the course")]
    [InlineData("ValidTo.Year", "2025", "The last day must be the same as or after the first day")]
    [InlineData("ValidFrom.Day", "", "The first day must include a day")]
    [InlineData("CertificateMonths", "0", "Months must be between 1 and 120")]
    public async Task Post_CourseWithAMistake_SaysSo(string field, string? value, string sentence) {
        var accreditor = await Accreditor();
        var course = await app.Course(await app.Given.Authority(), "Round corners");
        var scheme = await app.Send(accreditor, new AddScheme.Command(Organisation(accreditor), "Mark", "Rules"));
        var page = await (await (await app.Browser(accreditor)).Get($"/schemes/{scheme}/courses/add?Search=round")).Post([.. Terms(course).Where(t => t.Item1 != field), (field, value)]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal([sentence], page.Errors);
    }

    [Fact]
    public async Task Post_SchemeWithMistakesOrAKnownName_SaysSo() {
        var accreditor = await Accreditor();
        var browser = await app.Browser(accreditor);
        var form = await browser.Get("/schemes/add");
        Assert.Equal(["Enter the name of the scheme", "Enter what the scheme asks of a course"], (await form.Post([])).Errors);
        await form.Post([("Name", "Mark"), ("Description", "Rules")]);
        Assert.Equal(["You have a scheme of this name already"], (await form.Post([("Name", " MARK"), ("Description", "Rules")])).Errors);
    }

    [Fact]
    public async Task Post_ChangedScheme_IsClosedToNewCoursesAndGuardsItsVersion() {
        var accreditor = await Accreditor();
        var scheme = await app.Send(accreditor, new AddScheme.Command(Organisation(accreditor), "Mark", "Rules"));
        var browser = await app.Browser(accreditor);
        var old = await browser.Get($"/schemes/{scheme}/change");
        Assert.Equal($"/schemes/{scheme}", (await (await browser.Get($"/schemes/{scheme}/change")).Post([("State", "Closed"), ("Name", "Old mark")])).RedirectsTo);
        var page = await browser.Get($"/schemes/{scheme}");
        Assert.Equal("Old mark", page.Heading);
        Assert.Contains("takes no new courses", page.Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await old.Post([("State", "Open")])).Status);
        var course = await app.Course(await app.Given.Authority(), "Sharp corners");
        Assert.Equal(HttpStatusCode.Conflict, (await (await browser.Get($"/schemes/{scheme}/courses/add?Search=sharp")).Post(Terms(course))).Status);
    }

    [Fact]
    public async Task Get_OthersSchemeAndOtherRoles_AreKeptOut() {
        var (mine, theirs) = (await Accreditor(), await Accreditor());
        var scheme = await app.Send(theirs, new AddScheme.Command(Organisation(theirs), "Theirs", "Rules"));
        var course = await app.Course(await app.Given.Authority(), "Hidden corners");
        var id = await app.Send(theirs, new AccreditCourse.Command(scheme, course, "QM-9", new DateOnly(2026, 9, 1), new DateOnly(2027, 8, 31), null));
        var browser = await app.Browser(mine);
        var practitioner = await app.Browser(await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority())));
        foreach (var address in (string[])[$"/schemes/{scheme}", $"/schemes/{scheme}/change", $"/schemes/{scheme}/courses/add", $"/schemes/{scheme}/courses/{id}/end"]) {
            Assert.Equal(HttpStatusCode.NotFound, (await browser.Get(address)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await practitioner.Get(address)).Status);
            Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("Theirs", (await browser.Get("/schemes")).Words, StringComparison.Ordinal);
        Assert.IsType<NotFound>((await app.Ask(mine, new AddScheme.Command(Organisation(theirs), "Sneaked in", "Rules"))).Refusal);
        Assert.IsType<NotFound>((await app.Ask(mine, new EndAccreditation.Command(scheme, id, "Mine"))).Refusal);
        Assert.IsType<NotFound>((await app.Ask(mine, new ChangeScheme.Command(scheme, 1, "Mine", "Mine", SchemeState.Open))).Refusal);
        Assert.IsType<NotFound>((await app.Ask(mine, new AccreditCourse.Command(scheme, course, "Q", new DateOnly(2028, 9, 1), new DateOnly(2029, 8, 31), null))).Refusal);
    }

    [Fact]
    public async Task Get_Administrator_SeesAllAndChoosesTheAccreditor() {
        var accreditor = await Accreditor();
        await Accreditor();
        var browser = await app.Browser(await app.Given.Administrator());
        var form = await browser.Get("/schemes/add");
        Assert.Contains("Select the accreditor", (await form.Post([("Name", "By the administrator"), ("Description", "Rules")])).Errors);
        var added = await form.Post([("AccreditorId", Organisation(accreditor).ToString()), ("Name", "By the administrator"), ("Description", "Rules")]);
        Assert.Equal("By the administrator", (await browser.Get(added.RedirectsTo!)).Heading);
    }
}
