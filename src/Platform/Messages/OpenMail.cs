using System.Text.RegularExpressions;
using Cpd.Platform.Messaging;
using MediatR;

namespace Cpd.Platform.Messages;

/// <summary>Whoever develops or tries out opens one of the messages that nobody was really sent, and follows its links.</summary>
static partial class OpenMail {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    internal sealed record View(FolderMail Mail, IReadOnlyList<string> Links);

    internal sealed class Handler(FolderMails mails) : IRequestHandler<Query, Outcome<View>> {
        public Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) =>
            Task.FromResult<Outcome<View>>(mails.Find(request.Id) is { } mail ? new View(mail, [.. Address().Matches(mail.Text).Select(m => m.Value).Distinct()]) : Outcome.NotFound);
    }

    [GeneratedRegex(@"https?://[^\s<>""]+[^\s<>"".,;:!?)]")]
    private static partial Regex Address();
}
