using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.People.Letterheads;

/// <summary>Every kind of message there is, and what an authority says in all of them.</summary>
internal static class SeeLetters {
    internal sealed record Query(Guid AuthorityId) : IRequest<Outcome<View>>;

    /// <param name="Version">Of the words; 0 while the authority has said nothing.</param>
    internal sealed record View(Letterhead Head, int Version, IReadOnlyList<LetterKind> Kinds);

    internal sealed class Handler(Db db, IMediator mediator, LetterKinds kinds, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string SelectVersion = "SELECT Version FROM people_Letterhead WHERE AuthorityId = @AuthorityId";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) =>
            await me.LetterheadOf(request.AuthorityId, mediator, cancellationToken) is { } head ? new View(head, await db.One<int?>(SelectVersion, request, cancellationToken) ?? 0, kinds.All) : Outcome.NotFound;
    }

    /// <summary>The letterhead of an authority whose messages the user may word; null for any other.</summary>
    internal static async Task<Letterhead?> LetterheadOf(this CurrentUser me, Guid authorityId, IMediator mediator, CancellationToken ct) =>
        me.MayWord(authorityId) && await mediator.Send(new FindLetterheads([authorityId]), ct) is [var head] ? head : null;

    internal static bool MayWord(this CurrentUser me, Guid authorityId) => me.Reach(PeoplePermissions.WordLetters) is var reach && (reach.All || reach.Authorities.Contains(authorityId));
}
