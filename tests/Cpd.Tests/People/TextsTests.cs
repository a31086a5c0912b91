using System.Net;
using Cpd.People.Accounts;
using Cpd.People.Contracts;

namespace Cpd.Tests.People;

/// <summary>People give their own mobile number to get text messages, and take it away to get none.</summary>
public sealed class TextsTests(CpdApp app) : IClassFixture<CpdApp> {
    [Theory]
    [InlineData("07700 900 982", "+447700900982")]
    [InlineData(" 07700-900982 ", "+447700900982")]
    [InlineData("(07700) 900982", "+447700900982")]
    [InlineData("+44 7700 900982", "+447700900982")]
    [InlineData("+44 (0)7700 900982", "+447700900982")]
    [InlineData("0044 7700 900982", "+447700900982")]
    [InlineData("447700900982", "+447700900982")]
    [InlineData("07624 123456", "+447624123456")]
    [InlineData("0161 496 0123", null)]
    [InlineData("07012 345678", null)]
    [InlineData("07612 345678", null)]
    [InlineData("07700 90098", null)]
    [InlineData("07700 9009821", null)]
    [InlineData("+33 6 12 34 56 78", null)]
    [InlineData("07700 900 98O", null)]
    [InlineData("07700900982\r\n+447700900983", null)]
    [InlineData("", null)]
    public void Normal_WhatPeopleType_IsOneFormOrNone(string typed, string? number) => Assert.Equal(number, ChooseTexts.Normal(typed));

    [Fact]
    public async Task Post_NumberAndThenNone_IsKeptAndTakenAway() {
        var someone = await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority()));
        var browser = await app.Browser(someone);
        Assert.Contains("Text messages", (await browser.Get("/account")).Words, StringComparison.Ordinal);
        var page = await browser.Get("/account/texts");
        page = await browser.Follow((await page.Post([("Mobile", "07700 900 982")])).RedirectsTo!);
        Assert.Equal("You will get a text message the day before a session.", page.Banner);
        Assert.Equal("+447700900982", (await app.Ask(someone, new FindPeople([someone.PersonId]))).Single().Mobile);
        page = await browser.Get("/account/texts");
        Assert.Equal("+447700900982", page.Document.QuerySelector("#Mobile")!.GetAttribute("value"));
        page = await browser.Follow((await page.Post([("Mobile", "")])).RedirectsTo!);
        Assert.Equal("You will get no text messages.", page.Banner);
        Assert.Null((await app.Ask(someone, new FindPeople([someone.PersonId]))).Single().Mobile);
    }

    [Fact]
    public async Task Post_NoMobileNumber_SaysWhatToEnter() {
        var browser = await app.Browser(await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority())));
        var page = await (await browser.Get("/account/texts")).Post([("Mobile", "0161 496 0123")]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["Enter a UK mobile number, like 07700 900 982"], page.Errors);
        Assert.Equal("0161 496 0123", page.Document.QuerySelector("#Mobile")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Get_SignedOut_AsksToSignIn() => Assert.Contains("/sign-in", (await app.Browser().Get("/account/texts")).RedirectsTo, StringComparison.Ordinal);

    [Fact]
    public async Task Get_TextsCannotBeSent_IsNotThere() {
        var someone = await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority()));
        var cookies = (await app.Browser(someone)).Client.DefaultRequestHeaders.GetValues("Cookie");
        await using var sending = app.WithWebHostBuilder(b => b.UseSetting("Mail:Channel", "Smtp").UseSetting("Mail:Host", "127.0.0.1").UseSetting("Mail:From", "cpd@example.org"));
        using var client = sending.CreateClient(new() { BaseAddress = new Uri("https://localhost"), AllowAutoRedirect = false });
        client.DefaultRequestHeaders.Add("Cookie", cookies);
        var browser = new Browser(client);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get("/account/texts")).Status);
        Assert.DoesNotContain("Text messages", (await browser.Get("/account")).Words, StringComparison.Ordinal);
    }
}
