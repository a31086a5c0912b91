using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.People.Letterheads;

/// <summary>One kind of message as an authority's people get it, as text and as HTML, made as the real ones are.</summary>
internal static class SeeLetter {
    internal sealed record Query(Guid AuthorityId, string Kind) : IRequest<Outcome<View>>;

    internal sealed record View(Letterhead Head, LetterKind Kind, Post Example);

    internal sealed class Handler(IMediator mediator, LetterKinds kinds, PostMaker maker, Site site, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (kinds.Find(request.Kind) is not { } kind || await me.LetterheadOf(request.AuthorityId, mediator, cancellationToken) is not { } head) return Outcome.NotFound;
            var letter = kind.Example(new(kind.IsText ? "+447700900123" : "sam.taylor@example.org", "Sam Taylor", Specimen.Moment(clock.GetUtcNow().UtcDateTime), site.Absolute));
            return new View(head, kind, maker.Make(Ids.New(clock), letter, kind.IsOfNobody ? null : head, kind, kind.MayRefuse ? site.Absolute("/") : null));
        }
    }
}
