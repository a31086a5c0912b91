using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Bookings;

/// <summary>Free places of a session go at once to those who wait, in order of arrival. Part of whatever frees a place; gives how many got one.</summary>
internal static class PromoteWaiting {
    internal sealed record Command(Guid SessionId) : IRequest<Outcome<int>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.SessionId).NotEmpty();
    }

    internal sealed class Handler(Db db, Mailbox mailbox, BookingMails mails, BookingLog history, TimeProvider clock) : IRequestHandler<Command, Outcome<int>> {
        const string Lock = "UPDATE training_Session SET PlacesTaken = PlacesTaken WHERE Id = @SessionId AND State = 'Published' AND StartsAt > @Now";
        const string SelectFree = "SELECT Places - PlacesTaken FROM training_Session WHERE Id = @SessionId";
        const string SelectHead = """
            SELECT Id, PersonId, Reference, WaitingNumber
            FROM training_Booking
            WHERE SessionId = @SessionId AND State = 'Waiting'
            ORDER BY WaitingNumber, Id
            """;
        const string TakePlaces = """
            UPDATE training_Session SET PlacesTaken = PlacesTaken + @Count, WaitingCount = WaitingCount - @Count
            WHERE Id = @SessionId AND WaitingCount >= @Count AND PlacesTaken + @Count <= Places
            """;
        const string Promote = """
            UPDATE training_Booking SET State = 'Booked', PromotedAt = @Now, WaitingNumber = NULL
            WHERE SessionId = @SessionId AND State = 'Waiting' AND WaitingNumber <= @Last
            """;

        public async Task<Outcome<int>> Handle(Command request, CancellationToken cancellationToken) {
            var now = clock.GetUtcNow().UtcDateTime;
            if (await db.Execute(Lock, new { request.SessionId, Now = now }, cancellationToken) == 0) return 0;
            var free = await db.One<int>(SelectFree, new { request.SessionId }, cancellationToken);
            if (free <= 0) return 0;
            var head = await db.List<Row>(db.Page(SelectHead), new { request.SessionId, Skip = 0, Take = free }, cancellationToken);
            if (head.Count == 0) return 0;
            if (await db.Execute(TakePlaces, new { request.SessionId, head.Count }, cancellationToken) == 0
                || await db.Execute(Promote, new { request.SessionId, Now = now, Last = head[^1].WaitingNumber }, cancellationToken) != head.Count)
                throw new InvalidOperationException("The waiting list and the session's count of it disagree.");
            await history.Add([.. head.Select(b => new Act(b.Id, "Got a free place"))], cancellationToken);
            await mailbox.Add(await mails.Promoted(request.SessionId, [.. head.Select(b => new BookingMails.Booked { Id = b.Id, PersonId = b.PersonId, Reference = b.Reference })], cancellationToken), cancellationToken);
            return head.Count;
        }
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public string Reference { get; init; } = "";
        public int WaitingNumber { get; init; }
    }
}
