using Cpd.Forums.Replies;
using Cpd.People.Contracts;
using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.Forums.Series;

/// <summary>An officer changes what is said of a forum, unless somebody else did since they opened it. Meetings that there are keep the mode and the places they have; where each setting may send more, whoever waits for that comes.</summary>
internal static class EditSeries {
    internal sealed record Command(Guid Id, int Version, string? Name, string? Summary, AgeRanges AgeRanges) : SeriesFields(Name, Summary, AgeRanges), IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : SeriesRules<Command> {
        public Validator() => RuleFor(c => c.Id).NotEmpty();
    }

    internal sealed class Handler(Db db, WaitingList waiting, Appointments appointments, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        // Before the forum itself, in the order in which a reply takes them: of a reply at the same moment either the old number counts, or the new.
        const string Hold = "UPDATE forums_Meeting SET State = State WHERE SeriesId = @Id AND StartsAt > @Now";
        const string Update = """
            UPDATE forums_Series
            SET Name = @Name, Summary = @Summary, AgeRanges = @AgeRanges, Mode = @Mode, PlacesPerSetting = @PlacesPerSetting, Places = @Places, CountsHours = @CountsHours, TermsOfReference = @TermsOfReference, Version = Version + 1
            WHERE Id = @Id AND Version = @Version AND (@All = 1 OR AuthorityId IN @Authorities)
            """;
        const string SelectName = "SELECT Name FROM forums_Series WHERE Id = @Id AND (@All = 1 OR AuthorityId IN @Authorities)";
        const string SelectAhead = "SELECT Id FROM forums_Meeting WHERE SeriesId = @Id AND State = 'Published' AND EndsAt > @Now";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(ForumsPermissions.ManageForums);
            var row = Db.Args(request.Columns(request.Id), new { request.Version, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Now = clock.GetUtcNow().UtcDateTime });
            if (await db.One<string>(SelectName, row, cancellationToken) is not { } before) return Outcome.NotFound;
            await db.Execute(Hold, row, cancellationToken);
            try {
                if (await db.Execute(Update, row, cancellationToken) == 0) return Outcome.Conflict("Somebody else has changed the forum since you opened it. Open it again to see their changes.");
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.Name), "There is a forum of this name already");
            }
            await db.Execute(SeriesFields.DeleteAudience, new { request.Id }, cancellationToken);
            await db.Execute(SeriesFields.InsertAudience, request.AudienceRows(request.Id), cancellationToken);
            await waiting.GiveOutAll(request.Id, cancellationToken);
            // Nobody is written to for a name, but calendars that read a feed take the new one.
            if (before != request.Name!.Trim()) await appointments.RaiseKnown(await db.List<Guid>(SelectAhead, row, cancellationToken), cancellationToken);
            return Outcome.Done;
        }
    }
}
