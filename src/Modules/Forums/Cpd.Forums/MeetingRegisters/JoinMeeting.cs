using Cpd.Forums.Meetings;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.Forums.MeetingRegisters;

/// <summary>
/// Someone who is invited opens the joining link of an online meeting by way of this service: from half an hour before it starts until its end they are noted with the
/// time, once. Before and after that the link just opens, and a closed register stays as it is.
/// </summary>
internal static class JoinMeeting {
    internal sealed record Command(Guid MeetingId) : IRequest<Outcome<string>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, Register register, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<string>> {
        static readonly TimeSpan Before = TimeSpan.FromMinutes(30);

        // Whoever is no member has the link until the end of this meeting alone: the next may have the same.
        const string Select = """
            SELECT m.JoiningLink, m.Mode, p.Reply
            FROM forums_Meeting m
            LEFT JOIN forums_Participant p ON p.MeetingId = m.Id AND p.PersonId = @Me
            WHERE m.Id = @MeetingId AND m.State = 'Published'
              AND (p.Id IS NOT NULL AND m.EndsAt >= @Now OR EXISTS (SELECT 1 FROM forums_Member b WHERE b.SeriesId = m.SeriesId AND b.PersonId = @Me AND b.Until IS NULL))
            """;

        public async Task<Outcome<string>> Handle(Command request, CancellationToken cancellationToken) {
            var now = clock.GetUtcNow().UtcDateTime;
            if (await db.One<Row>(Select, new { request.MeetingId, Me = me.PersonId, Now = now }, cancellationToken) is not { } row) return Outcome.NotFound;
            if (row.Reply == Reply.Apologies) return Outcome.Conflict("You have sent apologies for this meeting. Change your reply, or ask your early years team for the link if it has begun.");
            if (row.Reply == Reply.Waiting) return Outcome.Conflict("You are on the waiting list for this meeting and have no place yet. Ask your early years team for the link if it has begun.");
            if (row.JoiningLink.Length == 0) return Outcome.Conflict("The joining link has not been given yet. You are told by email when it is; look again shortly before the meeting starts.");
            if (row.Mode != MeetingMode.LiveOnline || await register.Open(() => Held.Known(db, request.MeetingId, cancellationToken), cancellationToken, toWrite: true) is not { } opened) return row.JoiningLink;
            var meeting = opened.Meeting;
            if (register.NotNow(meeting) is not null || meeting.RegisterClosedAt is not null || now < meeting.StartsAt - Before || now > meeting.EndsAt || !opened.People.ContainsKey(me.PersonId)) return row.JoiningLink;
            // Here already, whoever noted it: a lost connection is no second coming.
            if (opened.PresenceOf(me.PersonId).Days.GetValueOrDefault(0) is { Here: true, Out: null }) return row.JoiningLink;
            await register.Write(opened, [new Mark { Nonce = Ids.New(clock), EntryId = me.PersonId, Kind = MarkKind.Came, At = now, Source = MarkSource.Link, MadeAt = now, MadeBy = me.PersonId }], close: false, cancellationToken);
            return row.JoiningLink;
        }

        sealed record Row {
            public string JoiningLink { get; init; } = "";
            public MeetingMode Mode { get; init; }
            public Reply? Reply { get; init; }
        }
    }
}
