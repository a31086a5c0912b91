using System.Net;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Tests.Calendars;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Platform;

/// <summary>What people can say they want no more of, from the message itself, and what stays.</summary>
public sealed class RefusalTests(CpdApp app) : IClassFixture<CpdApp> {
    LetterKind Kind(string name) => app.Services.GetRequiredService<LetterKinds>().Find(name)!;

    /// <summary>Sends an example of a kind to a person, as what has happened.</summary>
    async Task<Calendars.Mail?> Sent(Guid person, string kind) {
        var before = (await app.MailTo(person)).Count;
        var email = await app.Email(person);
        // What is written in one moment has no order.
        app.Clock.Set(app.Clock.GetUtcNow().AddMilliseconds(1));
        var letter = Kind(kind).Example(new(email, "Ann", app.Now, p => "https://cpd.example" + p));
        await app.Database(db => db.Write(async () => {
            await new Mailbox(db, app.Clock, app.Services.GetRequiredService<MailSignal>()).Add(new Cpd.Platform.Messages.Mail(Kind(kind), Ids.New(app.Clock), letter) { PersonId = person }, default);
            return true;
        }, kept => kept, default));
        return (await app.MailTo(person)).Skip(before).SingleOrDefault();
    }

    static string Link(Calendars.Mail mail) => new Uri(mail.Fields["List-Unsubscribe"].Trim('<', '>')).AbsolutePath;

    [Fact]
    public async Task Post_FromTheMessage_StopsItsKindAndNoOther() {
        var (ann, bob) = (await app.Given.Person(), await app.Given.Person());
        var mail = (await Sent(ann, "evaluation"))!;
        Assert.Equal("List-Unsubscribe=One-Click", mail.Fields["List-Unsubscribe-Post"]);
        Assert.Contains($"To stop messages of this kind:\r\n{mail.Fields["List-Unsubscribe"].Trim('<', '>')}", mail.Words, StringComparison.Ordinal);
        Assert.Contains("Stop messages of this kind</a>", mail.Html, StringComparison.Ordinal);
        var page = await app.Browser().Get(Link(mail));
        Assert.Equal("Stop these messages?", page.Heading);
        // Only opened: nothing has changed.
        await app.Browser().Get(Link(mail));
        Assert.NotNull(await Sent(ann, "evaluation"));

        page = await page.Post([]);
        Assert.Equal("You get no more of these messages", page.Heading);
        Assert.Null(await Sent(ann, "evaluation"));
        Assert.Equal(1, await app.Count("platform_Message", "RecipientId = @ann AND State = 'Cancelled' AND Error = 'They do not want such messages' AND Body = ''", new { ann }));
        Assert.NotNull(await Sent(ann, "training.impact"));
        Assert.NotNull(await Sent(bob, "evaluation"));
        Assert.Equal("Stop these messages?", (await page.Post([])).Heading);
        Assert.NotNull(await Sent(ann, "evaluation"));
    }

    [Fact]
    public async Task Post_ByAMailProgram_NeedsNoCookieAndNoForm() {
        var ann = await app.Given.Person();
        var link = Link((await Sent(ann, "training.impact"))!);
        for (var i = 0; i < 2; i++) {
            using var body = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
            Assert.Equal(HttpStatusCode.OK, (await app.CreateClient().PostAsync(new Uri(link, UriKind.Relative), body)).StatusCode);
        }
        Assert.Equal(1, await app.Count("platform_Refusal", "PersonId = @ann", new { ann }));
    }

    [Fact]
    public async Task Send_WhatBookingsAndAccountsNeed_CannotBeRefused() {
        var ann = await app.Given.Person();
        foreach (var kind in app.Services.GetRequiredService<LetterKinds>().All) {
            var mail = (await Sent(ann, kind.Name))!;
            Assert.Equal(kind.Name is "evaluation" or "training.impact" or "people.week" or "newsletter" or "forums.digest" or "forum-evaluation" or "forum-missed", mail.Fields.ContainsKey("List-Unsubscribe"));
        }
        var tokens = app.Services.GetRequiredService<RefusalToken>();
        await app.Database(db => Assert.ThrowsAsync<InvalidOperationException>(() => new Refusals(db, app.Clock).Set(ann, Kind("booking-confirmed"), true, default)));
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get($"/no-more/{tokens.For(ann, Kind("booking-confirmed"))}")).Status);
    }

    [Fact]
    public async Task Get_TokenIsNoneOrOld_IsOfNoUse() {
        var link = $"/no-more/{app.Services.GetRequiredService<RefusalToken>().For(await app.Given.Person(), Kind("evaluation"))}";
        Assert.Equal(HttpStatusCode.OK, (await app.Browser().Get(link)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get("/no-more/nonsense")).Status);
        var now = app.Clock.GetUtcNow();
        app.Clock.Set(now.AddDays(366));
        using var body = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        Assert.Equal(HttpStatusCode.Gone, (await app.CreateClient().PostAsync(new Uri(link, UriKind.Relative), body)).StatusCode);
        app.Clock.Set(now);
    }
}
