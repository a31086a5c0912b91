using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Cpd.Platform.Calendars;
using Cpd.Platform.Messages;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Calendars;

/// <summary>What goes over the wire when messages are really sent, to a mail server that only listens.</summary>
public sealed partial class SmtpTests {
    static readonly DateTime At = new(2026, 11, 12, 9, 30, 0, DateTimeKind.Utc);

    sealed class App(int port) : CpdApp {
        protected override void ConfigureWebHost(IWebHostBuilder builder) {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Mail:Channel", "Smtp");
            builder.UseSetting("Mail:Host", "127.0.0.1");
            builder.UseSetting("Mail:Port", $"{port}");
            builder.UseSetting("Mail:Tls", "None");
            builder.UseSetting("Mail:From", "Thurrock training <training@thurrock.example>");
        }
    }

    [Fact]
    public async Task Send_WithInvitation_IsTextWithACalendarBesideIt() {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var received = Receive(listener);
        await using var app = new App(((IPEndPoint)listener.LocalEndpoint).Port);
        var organiser = app.Services.GetRequiredService<Sender>().Organiser;
        Assert.Equal(new CalendarParty("Thurrock training", "training@thurrock.example"), organiser);
        var entry = new CalendarEntry("1@cpd", At, At.AddHours(2), string.Concat(Enumerable.Repeat("Zoë’s ☂ ", 20)), "", "", "https://cpd.example/", 1, At);
        var part = CalendarFile.Invite(entry, organiser, new CalendarParty("Amina Khan", "amina@example.org"));
        await app.Services.GetRequiredService<IMailChannel>().Send(new Post(Guid.Empty, "amina@example.org", "Booked", "You have a place.", "", part), default);

        var message = await received;
        Assert.Contains("Content-Type: multipart/alternative;", message, StringComparison.OrdinalIgnoreCase);
        var text = message.IndexOf("text/plain", StringComparison.OrdinalIgnoreCase);
        var calendar = CalendarPart().Match(message);
        Assert.True(text >= 0 && calendar.Success && calendar.Index > text, message);
        var headers = calendar.Groups["headers"].Value;
        Assert.Contains("text/calendar", headers, StringComparison.Ordinal);
        Assert.Contains("method=REQUEST", headers, StringComparison.Ordinal);
        Assert.Contains("charset=utf-8", headers, StringComparison.Ordinal);
        var sent = Encoding.UTF8.GetString(Convert.FromBase64String(calendar.Groups["body"].Value));
        Assert.Equal(part.Text, sent);
        Assert.Equal("REQUEST", (await ICal.Read(sent)).Method);
    }

    [GeneratedRegex(@"--\S+\r\n(?<headers>(?:[^\r\n]+\r\n)*?Content-Type: text/calendar(?:[^\r\n]+\r\n)+)\r\n(?<body>[A-Za-z0-9+/=\r\n]+)\r\n--", RegexOptions.IgnoreCase)]
    private static partial Regex CalendarPart();

    static async Task<string> Receive(TcpListener listener) {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 listening");
        while (await reader.ReadLineAsync() is { } line) {
            if (line != "DATA") {
                await writer.WriteLineAsync("250 ok");
                continue;
            }
            await writer.WriteLineAsync("354 go on");
            var data = new StringBuilder();
            while (await reader.ReadLineAsync() is { } text && text != ".") data.Append(text).Append("\r\n");
            await writer.WriteLineAsync("250 ok");
            return data.ToString();
        }
        return "";
    }
}
