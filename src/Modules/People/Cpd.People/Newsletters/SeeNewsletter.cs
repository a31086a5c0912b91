using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.People.Newsletters;

/// <summary>A newsletter of an officer's authority: what it says, to whom it goes, how it looks, and, once it is sent, how far it has got.</summary>
internal static class SeeNewsletter {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="SettingTypes">Those that there are in the authority.</param>
    /// <param name="Groups">Those that other modules know in the authority, by name.</param>
    /// <param name="Preview">As its reader gets it.</param>
    internal sealed record View(Newsletter Newsletter, string AuthorityName, IReadOnlyList<Chosen> Audience, IReadOnlyList<string> SettingTypes, Audience.Size Size, Post Preview, MessageCount Progress, IReadOnlyList<GroupCard> Groups);

    internal sealed record Chosen {
        public string Kind { get; init; } = "";
        public string Value { get; init; } = "";
    }

    internal sealed class Handler(Db db, IMediator mediator, Everyone everyone, Audience audience, Mailbox mailbox, PostMaker maker, Site site, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string SelectAudience = "SELECT Kind, Value FROM people_NewsletterAudience WHERE NewsletterId = @Id ORDER BY Kind, Value";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<Newsletter>(Newsletter.Select, Newsletter.Reach(me, db, new { request.Id }), cancellationToken) is not { } newsletter) return Outcome.NotFound;
            var head = (await mediator.Send(new FindLetterheads([newsletter.AuthorityId]), cancellationToken)).Single();
            return new View(newsletter, head.Name, await db.List<Chosen>(SelectAudience, request, cancellationToken), await mediator.Send(new ListSettingTypes(newsletter.AuthorityId), cancellationToken),
                await audience.Count(newsletter, cancellationToken), maker.Make(newsletter.Id, newsletter.To("sam.taylor@example.org", "Sam Taylor"), head, Newsletter.Kind, site.Absolute("/")),
                await mailbox.CountAbout(newsletter.Id, Newsletter.Kind.Name, cancellationToken),
                [.. (await everyone.Ask<ListGroups, GroupCard>(new(newsletter.AuthorityId), cancellationToken)).OrderBy(g => g.Name, StringComparer.Ordinal)]);
        }
    }
}
