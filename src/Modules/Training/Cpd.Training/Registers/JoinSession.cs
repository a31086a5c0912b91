using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Training.Bookings;
using Cpd.Training.Contracts;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Registers;

/// <summary>
/// Someone who is booked opens the joining link of an online session by way of this service: from half an hour before a date until its end
/// they are noted with the time. Before and after that the link just opens, and a closed register stays as it is.
/// </summary>
internal static class JoinSession {
    /// <param name="Token">Of a message's link: who has it need not sign in, and it names the session.</param>
    internal sealed record Command(Guid SessionId, string? Token = null) : IRequest<Outcome<string>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.SessionId).NotEmpty().When(c => c.Token is null);
    }

    internal sealed class Handler(Db db, Register register, JoinToken tokens, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<string>> {
        static readonly TimeSpan Before = TimeSpan.FromMinutes(30);

        const string Columns = """
            SELECT b.SessionId, s.JoiningLink, c.Mode
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            JOIN training_Course c ON c.Id = s.CourseId

            """;
        const string SelectMine = Columns + "WHERE b.SessionId = @SessionId AND b.PersonId = @PersonId AND b.State = 'Booked' AND s.State = 'Published'";
        const string SelectOfLink = Columns + "WHERE b.Id = @BookingId AND b.PersonId = @PersonId AND b.State = 'Booked' AND s.State = 'Published'";

        public async Task<Outcome<string>> Handle(Command request, CancellationToken cancellationToken) {
            PlaceLink.Place? link = null;
            if (request.Token is { } token && (link = tokens.Read(token)) is null) return Outcome.NotFound;
            var person = link?.PersonId ?? me.PersonId;
            var found = link is null ? await db.One<Row>(SelectMine, new { request.SessionId, PersonId = person }, cancellationToken) : await db.One<Row>(SelectOfLink, link, cancellationToken);
            if (found is not { } row) return Outcome.NotFound;
            if (row.JoiningLink.Length == 0) return Outcome.Conflict("The joining link has not been given yet. You are told by email when anything changes; look again shortly before the session starts.");
            if (row.Mode != CourseMode.LiveOnline || await register.Open(row.SessionId, null, cancellationToken) is not { } opened) return row.JoiningLink;
            var now = clock.GetUtcNow().UtcDateTime;
            var date = opened.Dates[Presence.Nearest(opened.Dates, now)];
            if (register.NotNow(opened.Session) is not null || opened.Session.RegisterClosedAt is not null || now < date.StartsAt - Before || now > date.EndsAt || !opened.Live.TryGetValue(person, out var mine) || mine.State != BookingState.Booked)
                return row.JoiningLink;
            var noted = await register.Write(opened, [new Mark { Nonce = Ids.New(clock), EntryId = mine.Id, Kind = MarkKind.Came, At = now, Source = MarkSource.Link, MadeAt = now, MadeBy = person }], close: false, cancellationToken);
            return noted.Refusal is { } refusal ? Outcome<string>.Of(refusal) : row.JoiningLink;
        }

        sealed record Row {
            public Guid SessionId { get; init; }
            public string JoiningLink { get; init; } = "";
            public CourseMode Mode { get; init; }
        }
    }
}
