using System.Net.Mail;
using Cpd.Platform.Calendars;
using Cpd.Platform.Web;
using Microsoft.Extensions.Configuration;

namespace Cpd.Platform.Messages;

/// <summary>Whom messages come from: <c>Mail:From</c>, which may hold a name; while nothing leaves the machine, an address of the site's own.</summary>
public sealed class Sender(IConfiguration configuration) {
    public MailAddress Address { get; } = new(configuration["Mail:From"] is { Length: > 0 } from ? from : $"no-reply@{new Uri(new Site(configuration).Absolute("/")).Host}");

    /// <summary>Who invites to what the service puts into people's calendars.</summary>
    public CalendarParty Organiser => new(Address.DisplayName.Length > 0 ? Address.DisplayName : "CPD for early years", Address.Address);
}
