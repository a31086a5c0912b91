using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using MediatR;

namespace Cpd.Platform.Messages;

/// <summary>Whoever develops or tries out reads the messages that nobody was really sent.</summary>
static class ListMails {
    internal sealed record Query(Paging Paging) : IRequest<Outcome<PageOf<FolderMail>>>;

    internal sealed class Handler(FolderMails mails) : IRequestHandler<Query, Outcome<PageOf<FolderMail>>> {
        public Task<Outcome<PageOf<FolderMail>>> Handle(Query request, CancellationToken cancellationToken) =>
            Task.FromResult<Outcome<PageOf<FolderMail>>>(mails.AreShown ? mails.List(request.Paging) : Outcome.NotFound);
    }
}
