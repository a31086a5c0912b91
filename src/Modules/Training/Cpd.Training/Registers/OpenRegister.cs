using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using Cpd.Training.Sessions;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Registers;

/// <summary>The register of a session: everyone booked, by name, with what is recorded of them. For officers of its authority and its trainer.</summary>
internal static class OpenRegister {
    internal sealed record Query(Guid SessionId) : IRequest<Outcome<View>>;

    internal sealed record View(Session Session, IReadOnlyList<SessionDate> Dates, IReadOnlyList<Entry> Entries);

    /// <param name="Days">When they were there, one for each date; null where nothing is noted.</param>
    /// <param name="Last">The nonce of the mark made last, which can be taken back for 15 minutes.</param>
    internal sealed record Entry(Guid BookingId, Guid PersonId, string Name, string SettingName, string Reference, Attendance? Attendance, int Minutes, bool IsWalkIn, IReadOnlyList<Day?> Days, Guid? Last, DateTime? LastMadeAt);

    internal sealed record Session {
        public Guid Id { get; init; }
        public Guid AuthorityId { get; init; }
        public string CourseTitle { get; init; } = "";
        public CourseMode Mode { get; init; }
        public int CourseMinutes { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public string VenueName { get; init; } = "";
        public Publication State { get; init; }
        public DateTime? RegisterClosedAt { get; init; }
        public int? Tolerance { get; init; }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string SelectSession = """
            SELECT s.Id, s.AuthorityId, c.Title AS CourseTitle, c.Mode, c.Minutes AS CourseMinutes, s.StartsAt, s.EndsAt, s.VenueName, s.State, s.RegisterClosedAt, r.Tolerance
            FROM training_Session s
            JOIN training_Course c ON c.Id = s.CourseId
            LEFT JOIN training_RegisterRule r ON r.AuthorityId = s.AuthorityId
            WHERE s.Id = @SessionId AND s.State <> 'Draft' AND (@All = 1 OR s.AuthorityId IN @Authorities OR s.TrainerPersonId = @Self)
            """;
        const string SelectBooked = """
            SELECT Id, PersonId, SettingId, Reference, Attendance, MinutesAttended, IsWalkIn
            FROM training_Booking
            WHERE SessionId = @SessionId AND State = 'Booked'
            ORDER BY Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.KeepRegister);
            var key = new { request.SessionId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Self = reach.Self ?? Guid.Empty };
            if (await db.One<Session>(SelectSession, key, cancellationToken) is not { } session) return Outcome.NotFound;
            var dates = await db.List<SessionDate>(SessionParts.SelectDates, new { Id = request.SessionId }, cancellationToken);
            var rows = await db.List<Row>(SelectBooked, new { request.SessionId }, cancellationToken);
            var marks = (await db.List<Mark>(Register.SelectMarks, new { request.SessionId }, cancellationToken)).ToLookup(m => m.EntryId);
            var names = (await mediator.Send(new FindPeople([.. rows.Select(r => r.PersonId)]), cancellationToken)).ToDictionary(p => p.Id, p => p.Name);
            var settings = (await mediator.Send(new FindSettings([.. rows.Select(r => r.SettingId).OfType<Guid>().Distinct()]), cancellationToken)).ToDictionary(s => s.Id, s => s.Name);
            return new View(session, dates, [.. rows.Select(r => {
                var presence = Presence.Of(marks[r.Id], dates);
                return new Entry(r.Id, r.PersonId, names.GetValueOrDefault(r.PersonId, ""), r.SettingId is { } s ? settings.GetValueOrDefault(s, "") : "", r.Reference, r.Attendance, r.MinutesAttended, r.IsWalkIn,
                    [.. dates.Select((_, i) => presence.Days.GetValueOrDefault(i))], presence.Last?.Nonce, presence.Last?.MadeAt);
            }).OrderBy(e => WordKey.Of(e.Name), StringComparer.Ordinal).ThenBy(e => e.BookingId)]);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/sessions/{id:guid}/register", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("OpenRegister").WithSummary("The register of a session: everyone booked, by name, with attendance, minutes and, for each date, when they were there. Times are UTC.").Produces<View>().ProducesProblem(404)
        .Requires(TrainingPermissions.KeepRegister);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public Guid? SettingId { get; init; }
        public string Reference { get; init; } = "";
        public Attendance? Attendance { get; init; }
        public int MinutesAttended { get; init; }
        public bool IsWalkIn { get; init; }
    }
}
