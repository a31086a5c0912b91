using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Contracts;
using Cpd.Training.Reminders;
using Cpd.Training.Venues;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Sessions;

/// <summary>
/// An officer changes a session of their authority: never to fewer places than are booked or held, and places that are added go at
/// once to those who wait. Whoever is booked is told of new dates, another venue or joining link.
/// </summary>
internal static class EditSession {
    internal sealed record Command : SessionFields, IRequest<Outcome<Done>>, IWrite {
        public Guid Id { get; init; }
        public int Version { get; init; }
    }

    internal sealed class Validator : SessionRules<Command> {
        public Validator() => RuleFor(c => c.Id).NotEmpty();
    }

    internal sealed class Handler(Db db, IMediator mediator, Allotment allotment, Mailbox mailbox, BookingMails mails, SessionRounds rounds, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        // Bookings do not count as somebody else's change (they leave the version alone), but the places they took are kept.
        const string Update = """
            UPDATE training_Session
            SET StartsAt = @StartsAt, EndsAt = @EndsAt, Places = @Places, OpensAt = @OpensAt, ClosesAt = @ClosesAt, RoomId = @RoomId, VenueName = @VenueName,
                VenueAddress = @VenueAddress, JoiningLink = @JoiningLink, TrainerPersonId = @TrainerPersonId, Version = Version + 1
            WHERE Id = @Id AND Version = @Version AND State <> 'Cancelled' AND RegisterClosedAt IS NULL AND PlacesTaken <= @Places
              AND (@All = 1 OR AuthorityId IN @Authorities)
            """;
        const string Select = """
            SELECT s.AuthorityId, s.RoomId, s.State, s.PlacesTaken, s.WaitingCount, s.StartsAt, s.EndsAt, s.VenueName, s.VenueAddress, s.JoiningLink, s.RegisterClosedAt, s.Version, c.Mode, c.Title,
                (SELECT COUNT(*) FROM training_Hold h WHERE h.SessionId = s.Id AND h.EndedAt IS NULL) AS Held
            FROM training_Session s
            JOIN training_Course c ON c.Id = s.CourseId
            WHERE s.Id = @Id AND (@All = 1 OR s.AuthorityId IN @Authorities)
            """;
        // A session that is moved forward, or closes earlier, takes the time for answers with it.
        const string ShortenHolds = "UPDATE training_Hold SET ExpiresAt = @Deadline WHERE SessionId = @Id AND EndedAt IS NULL AND ExpiresAt > @Deadline";
        const string DeleteDates = "DELETE FROM training_SessionDate WHERE SessionId = @Id";
        const string SelectBooked = "SELECT Id, PersonId, Reference, State FROM training_Booking WHERE SessionId = @Id AND CancelledAt IS NULL ORDER BY Id";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            var scope = new { request.Id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) };
            var held = await db.Execute(SessionParts.HoldCourse, scope, cancellationToken) == 1;
            if (await db.One<Row>(Select, scope, cancellationToken) is not { } before) return Outcome.NotFound;
            // What has begun can still be put right for its register.
            if (!held && before.State != Publication.Cancelled && request.Given[0].StartsAt > clock.GetUtcNow().UtcDateTime)
                return Outcome.Conflict("The course has been cancelled, so its sessions can't be moved to a date ahead.");
            if (await SessionParts.Problem(mediator, before.Mode, request, cancellationToken) is var (field, sentence)) return Outcome.Invalid(field, sentence);
            if (request.RoomId is { } roomId) {
                if (await RoomUse.Find(db, before.AuthorityId, roomId, before.RoomId, cancellationToken) is not { } room) return Outcome.Invalid(nameof(request.RoomId), SessionParts.NoSuchRoom);
                request = request with { VenueName = room.VenueName, VenueAddress = room.VenueAddress };
            }
            var datesBefore = await db.List<SessionDate>(SessionParts.SelectDates, new { request.Id }, cancellationToken);

            var row = Db.Args(request.Columns(request.Id, clock.GetUtcNow().UtcDateTime), new { request.Version, scope.All, scope.Authorities });
            if (await db.Execute(Update, row, cancellationToken) == 0) return Why(request, (await db.One<Row>(Select, scope, cancellationToken))!);
            await db.Execute(DeleteDates, new { request.Id }, cancellationToken);
            await db.Execute(SessionParts.InsertDate, SessionParts.Dates(request.Id, request), cancellationToken);
            if (!request.Anyway && await RoomUse.Warnings(db, request.Id, cancellationToken) is { Count: > 0 } warnings) return Outcome.Invalid(nameof(request.Anyway), string.Join(' ', warnings.Append(SessionParts.SaveAnyway)));
            var deadline = request.ClosesOn is { } closes ? WorkingTime.Earlier(London.StartOf(closes.AddDays(1)), request.Given[0].StartsAt) : request.Given[0].StartsAt;
            await db.Execute(ShortenHolds, new { request.Id, Deadline = deadline }, cancellationToken);
            if (before.State == Publication.Published) {
                await allotment.Settle(request.Id, "The session was changed", null, cancellationToken);
                await rounds.Plan(request.Id, cancellationToken);
            }
            var moved = !datesBefore.Select(d => (d.StartsAt, d.EndsAt)).SequenceEqual(request.Given.Select(d => (d.StartsAt, d.EndsAt)))
                || before.VenueName != (request.VenueName ?? "").Trim() || before.VenueAddress != (request.VenueAddress ?? "").Trim();
            var linked = before.JoiningLink != (request.JoiningLink ?? "").Trim();
            if ((moved || linked) && before.State == Publication.Published) {
                var told = (await db.List<BookingMails.Booked>(SelectBooked, new { request.Id }, cancellationToken)).Where(b => moved || b.State == BookingState.Booked).ToList();
                await mailbox.Add(await mails.Moved(Ids.New(clock), request.Id, told, datesBefore, cancellationToken), cancellationToken);
            }
            return Outcome.Done;
        }

        static Refusal Why(Command request, Row now) =>
            now.State == Publication.Cancelled ? Outcome.Conflict("The session has been cancelled, so it can no longer be changed.")
            : now.RegisterClosedAt is not null ? Outcome.Conflict("The register is closed, so the session can no longer be changed.")
            : now.PlacesTaken > request.Places ? Outcome.Invalid(nameof(request.Places), $"There must be at least {now.PlacesTaken} places, because that many are booked{(now.Held > 0 ? " or offered" : "")}")
            : Outcome.Conflict("Somebody else has changed the session since you opened it. Open it again to see their changes.");
    }

    sealed record Row {
        public Guid AuthorityId { get; init; }
        public Guid? RoomId { get; init; }
        public Publication State { get; init; }
        public int PlacesTaken { get; init; }
        public int WaitingCount { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public string VenueName { get; init; } = "";
        public string VenueAddress { get; init; } = "";
        public string JoiningLink { get; init; } = "";
        public DateTime? RegisterClosedAt { get; init; }
        public int Version { get; init; }
        public CourseMode Mode { get; init; }
        public string Title { get; init; } = "";
        public int Held { get; init; }
    }
}
