using System.Net;
using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Messages;

/// <summary>The messages of the folder are read on a page in development and demonstrations, and nowhere else; and a demonstration sends nothing to anybody.</summary>
public sealed class FolderMailsTests(CpdApp app) : IClassFixture<CpdApp> {
    static readonly CalendarPart Part = new("REQUEST", "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n");

    [Fact]
    public async Task Get_Folder_ListsNewestFirstAPageAtATime() {
        await using var own = new CpdApp();
        Assert.Contains("Nothing yet", (await own.Browser().Get("/mail")).Words, StringComparison.Ordinal);
        for (var i = 0; i < 23; i++) {
            var id = await Write(own, new Post(Ids.New(own.Clock), $"p{i}@example.org", $"Number {i}", "Hello", ""));
            File.SetLastWriteTimeUtc(Path.Combine(own.Folder, "mail", $"{id:N}.eml"), CpdApp.Start.UtcDateTime.AddMinutes(i));
        }
        var page = await own.Browser().Get("/mail");
        Assert.Equal(20, page.Document.QuerySelectorAll("tbody tr").Length);
        Assert.StartsWith("Number 22 p22@example.org 5 October 2026 at 10:22am", string.Join(' ', page.Document.QuerySelector("tbody tr")!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        var second = await own.Browser().Get("/mail?page=2");
        Assert.Equal(["Number 2", "Number 1", "Number 0"], second.Document.QuerySelectorAll("tbody th").Select(h => h.TextContent.Trim()));
    }

    [Fact]
    public async Task Get_OneMail_ShowsItsTextItsLinksAndItsOtherForms() {
        var id = await Write(app, new Post(Ids.New(app.Clock), "ann@example.org", "Zoë’s <b>place</b>", "Dear Ann,\n\nOpen it (https://localhost/bookings/1?a=1&b=2).\nhttps://localhost/sign-in", "<!DOCTYPE html><p style=\"color:red\">Dear Ann</p>", Part, "https://localhost/refuse/1"));
        var page = await app.Browser().Get($"/mail/{id}");
        Assert.Equal("Zoë’s <b>place</b>", page.Heading);
        Assert.Contains("Dear Ann, Open it", page.Words, StringComparison.Ordinal);
        Assert.Equal(["https://localhost/bookings/1?a=1&b=2", "https://localhost/sign-in"], page.Document.QuerySelectorAll("main ul a").Select(a => a.GetAttribute("href")));
        Assert.Contains("METHOD:REQUEST", page.Words, StringComparison.Ordinal);
        Assert.Contains("<https://localhost/refuse/1>", page.Words, StringComparison.Ordinal);
        var html = await app.Browser().Get($"/mail/{id}/html");
        Assert.Equal("<!DOCTYPE html><p style=\"color:red\">Dear Ann</p>", html.Text.Trim());
        var policy = string.Join(';', html.Response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("sandbox", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Browser().Get($"/mail/{Ids.New(app.Clock)}")).Status);
    }

    [Fact]
    public async Task Get_OutsideDevelopmentOrWithARealChannel_IsNotThere() {
        var id = await Write(app, new Post(Ids.New(app.Clock), "ann@example.org", "Hello", "Hello", "<p>Hello</p>"));
        await using var live = app.WithWebHostBuilder(b => b.UseEnvironment("Production"));
        await using var sending = app.WithWebHostBuilder(b => b.UseSetting("Mail:Channel", "Smtp").UseSetting("Mail:Host", "127.0.0.1").UseSetting("Mail:From", "cpd@example.org"));
        foreach (var host in new[] { live, sending }) {
            using var client = host.CreateClient(new() { BaseAddress = new Uri("https://localhost") });
            foreach (var address in new[] { "/mail", $"/mail/{id}", $"/mail/{id}/html" })
                Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(address, UriKind.Relative))).StatusCode);
        }
    }

    [Theory]
    [InlineData("127.0.0.1", null, HttpStatusCode.OK)]
    [InlineData("::1", null, HttpStatusCode.OK)]
    [InlineData("::ffff:127.0.0.1", null, HttpStatusCode.OK)]
    [InlineData("192.0.2.7", null, HttpStatusCode.NotFound)]
    [InlineData("127.0.0.1", "192.0.2.7", HttpStatusCode.NotFound)]
    public async Task Get_FromElsewhere_IsNotThere(string from, string? forwarded, HttpStatusCode expected) {
        var id = await Write(app, new Post(Ids.New(app.Clock), "ann@example.org", "Hello", "Hello", "<p>Hello</p>"));
        foreach (var address in new[] { "/mail", $"/mail/{id}", $"/mail/{id}/html" }) {
            var answer = await app.Server.SendAsync(context => {
                context.Connection.RemoteIpAddress = IPAddress.Parse(from);
                context.Request.Scheme = "https";
                context.Request.Path = address;
                if (forwarded is not null) context.Request.Headers["X-Forwarded-For"] = forwarded;
            });
            Assert.Equal(expected, (HttpStatusCode)answer.Response.StatusCode);
        }
    }

    [Theory]
    [InlineData("Smtp")]
    [InlineData("Notify")]
    public async Task Demonstration_WhateverChannelIsSet_WritesFilesAndShowsThem(string channel) {
        string[] settings = ["--data", app.Folder, "--applicationName", "Cpd.Host", "--environment", "Production", "--Logs:Console=false", "--Jobs:Enabled=false", $"--Mail:Channel={channel}", "--Mail:Host=mail.example", "--Mail:From=cpd@example.org",
            $"--Notify:Key=test-{NotifyServer.Service}-{NotifyServer.Secret}", $"--Notify:EmailTemplate={NotifyServer.EmailTemplate}", $"--Notify:TextTemplate={NotifyServer.TextTemplate}"];
        await using var demonstration = Program.Build(settings, app.Clock, demo: true);
        Assert.Equal("FolderChannel", demonstration.Services.GetRequiredService<IMailChannel>().GetType().Name);
        Assert.Null(demonstration.Services.GetService<NotifyChannel>());
        Assert.True(demonstration.Services.GetRequiredService<FolderMails>().AreShown);
        // The control: without the word it would be sent.
        await using var real = Program.Build(settings, app.Clock);
        Assert.NotEqual("FolderChannel", real.Services.GetRequiredService<IMailChannel>().GetType().Name);
        Assert.False(real.Services.GetRequiredService<FolderMails>().AreShown);
    }

    [Fact]
    public void Tests_Channel_IsTheFolder() => Assert.IsType<FolderChannel>(app.Services.GetRequiredService<IMailChannel>());

    static async Task<Guid> Write(CpdApp app, Post post) {
        await app.Services.GetRequiredService<IMailChannel>().Send(post, default);
        return post.Id;
    }
}
