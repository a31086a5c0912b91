using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Sessions;

/// <summary>
/// On the day on which officers decide whether a session takes place, those of its authority are warned, once, if fewer people are booked
/// than it needs. What becomes of it is theirs to decide.
/// </summary>
internal static class WarnLowNumbers {
    internal static Schedule Schedule => new("training.warn-low-numbers", "0 5 7 * * ?", (mediator, ct) => mediator.Send(new Command(), ct));

    internal sealed record Command : IRequest<Outcome<int>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, IMediator mediator, Mailbox mailbox, BookingMails mails, TimeProvider clock) : IRequestHandler<Command, Outcome<int>> {
        const string Select = """
            SELECT s.Id, s.AuthorityId, s.StartsAt, s.LeastPeople, c.Title,
                (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Booked') AS Booked
            FROM training_Session s
            JOIN training_Course c ON c.Id = s.CourseId
            WHERE s.DecideAt IS NOT NULL AND s.DecideAt <= @Now AND s.WarnedAt IS NULL AND s.State = 'Published' AND s.StartsAt > @Now
              AND s.LeastPeople > (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Booked')
            ORDER BY s.DecideAt, s.Id
            """;
        const string Mark = "UPDATE training_Session SET WarnedAt = @Now WHERE Id = @Id AND WarnedAt IS NULL";

        public async Task<Outcome<int>> Handle(Command request, CancellationToken cancellationToken) {
            var now = clock.GetUtcNow().UtcDateTime;
            var low = await db.List<Row>(db.Page(Select), new { Now = now, Skip = 0, Take = 500 }, cancellationToken);
            if (low.Count == 0) return 0;
            await db.Execute(Mark, low.Select(s => new { s.Id, Now = now }).ToList(), cancellationToken);
            var officers = (await mediator.Send(new FindHolders(Role.AuthorityOfficer, [.. low.Select(s => s.AuthorityId).Distinct()]), cancellationToken)).ToLookup(o => o.OrganisationId);
            await mailbox.Add(low.SelectMany(s => officers[s.AuthorityId].Where(o => o.Email is not null).Select(o => new Mail("low-numbers", s.Id, o.Email!, $"Too few people: {s.Title}", $"""
                Dear {o.Name},

                {Show.Count(s.Booked, "person is", "people are")} booked at {s.Title} on {Show.DateAndTime(s.StartsAt)}, and it needs {s.LeastPeople}.

                Decide whether it takes place, is cancelled, or is merged with another date:
                {mails.Site}{TrainingLinks.ManagedSession(s.Id)}
                """))), cancellationToken);
            return low.Count;
        }
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Guid AuthorityId { get; init; }
        public DateTime StartsAt { get; init; }
        public int LeastPeople { get; init; }
        public string Title { get; init; } = "";
        public int Booked { get; init; }
    }
}
