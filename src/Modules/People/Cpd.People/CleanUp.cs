using Cpd.Platform.Data;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;

namespace Cpd.People;

/// <summary>Once a night what is over is removed: dead sessions, old links, forgotten delays, and the rows of imports that nobody can act on any more.</summary>
internal static class CleanUp {
    internal static IEnumerable<Schedule> Schedules => [new("people.clean-up", "0 25 3 * * ?", (mediator, ct) => mediator.Send(new Command(), ct))];

    internal sealed record Command : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string DeleteSessions = "DELETE FROM people_Session WHERE SeenAt < @DayAgo OR StartedAt < @DayAgo";
        const string DeleteLinks = "DELETE FROM people_AccountLink WHERE ExpiresAt < @DayAgo";
        const string DeleteDelays = "DELETE FROM people_SignInDelay WHERE LastAt < @DayAgo AND DelayedUntil < @DayAgo";
        // An import that waits for a decision for a month would no longer fit what is known.
        const string Discard = "UPDATE people_SettingImport SET State = 'Discarded' WHERE State = 'Checked' AND StartedAt < @MonthAgo";
        const string DeleteRows = """
            DELETE FROM people_SettingImportRow
            WHERE ImportId IN (SELECT Id FROM people_SettingImport WHERE StartedAt < @MonthAgo AND State IN ('Committed', 'Discarded', 'Failed'))
            """;
        const string DeleteMissing = """
            DELETE FROM people_SettingImportMissing
            WHERE ImportId IN (SELECT Id FROM people_SettingImport WHERE StartedAt < @MonthAgo AND State IN ('Committed', 'Discarded', 'Failed'))
            """;

        const string DiscardStaff = "UPDATE people_StaffImport SET State = 'Discarded' WHERE State = 'Checked' AND StartedAt < @MonthAgo";
        // Whose upload broke off cannot go on with it.
        const string FailStaff = "UPDATE people_StaffImport SET State = 'Failed' WHERE State = 'Uploading' AND StartedAt < @DayAgo";
        // What a list says of people is not kept once it is dealt with.
        const string DeleteStaff = """
            DELETE FROM people_StaffImportRow
            WHERE ImportId IN (SELECT Id FROM people_StaffImport WHERE StartedAt < @DayAgo AND State IN ('Discarded', 'Failed') OR StartedAt < @MonthAgo AND State = 'Committed')
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var now = clock.GetUtcNow().UtcDateTime;
            var before = new { DayAgo = now.AddDays(-1), MonthAgo = now.AddDays(-30) };
            foreach (var statement in (string[])[DeleteSessions, DeleteLinks, DeleteDelays, Discard, DeleteRows, DeleteMissing, DiscardStaff, FailStaff, DeleteStaff]) await db.Execute(statement, before, cancellationToken);
            return Outcome.Done;
        }
    }
}
