using Cpd.Forums.Meetings;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Lists;

/// <summary>
/// An officer invites all settings that never come, in one act: the managers of each are written to, a manager of several once, and nobody twice on a day. Who wants no
/// such letters gets none.
/// </summary>
internal static class InviteAbsent {
    internal sealed record Command(Guid? AuthorityId, int Terms) : IRequest<Outcome<Invited>>, IWrite;

    /// <param name="Managers">How many letters there are.</param>
    /// <param name="Without">How many of the settings have no manager with an email address.</param>
    internal sealed record Invited(int Managers, int Settings, int Without);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Terms).InclusiveBetween(1, ListAbsent.MostTerms).WithMessage($"Select between 1 and {ListAbsent.MostTerms} terms");
    }

    internal sealed class Handler(Db db, IMediator mediator, ListAbsent.Finder finder, Mailbox mailbox, Site site, TimeProvider clock) : IRequestHandler<Command, Outcome<Invited>> {
        const string SelectForums = "SELECT Name FROM forums_Series WHERE AuthorityId = @Id AND EndedAt IS NULL ORDER BY Name, Id";

        public async Task<Outcome<Invited>> Handle(Command request, CancellationToken cancellationToken) {
            if (await finder.Find(request.AuthorityId, request.Terms, cancellationToken) is not { } found) return Outcome.NotFound;
            if (found.Absent.Count == 0) return Outcome.Conflict("Somebody of every setting has come: there is nobody to invite.");
            var forums = await db.List<string>(SelectForums, new { found.Authority.Id }, cancellationToken);
            if (forums.Count == 0) return Outcome.Conflict("Add a forum first, so that there is something to invite to.");
            var holders = new List<Holder>();
            foreach (var batch in found.Absent.Chunk(1000)) holders.AddRange(await mediator.Send(new FindHolders(Role.SettingManager, [.. batch.Select(s => s.Id)]), cancellationToken));
            var names = found.Absent.ToDictionary(s => s.Id, s => s.Name);
            var address = site.Absolute($"{ForumsLinks.List}?AuthorityId={found.Authority.Id}");
            var mails = holders.Where(h => h.Email is not null).GroupBy(h => h.PersonId).Select(g => new Mail(MeetingLetters.MissedKind, found.Authority.Id,
                MeetingLetters.Missed(g.First().Email!, g.First().Name, [.. g.Select(h => names[h.OrganisationId]).Order()], request.Terms, forums, address)) {
                PersonId = g.Key, AuthorityId = found.Authority.Id, Again = London.Today(clock).ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture), Priority = MessagePriority.Bulk,
            }).ToList();
            await mailbox.Add(mails, cancellationToken);
            return new Invited(mails.Count, found.Absent.Count, found.Absent.Count - holders.Where(h => h.Email is not null).Select(h => h.OrganisationId).Distinct().Count());
        }
    }

    internal sealed record Body(Guid? AuthorityId, int Terms);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/forums-missed/invite", async (Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(body.AuthorityId, body.Terms), ct)).ToHttp())
        .WithName("InviteAbsentSettings").WithSummary("Writes to the managers of all settings of which nobody has come to a forum in the last terms.").Produces<Invited>().ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
