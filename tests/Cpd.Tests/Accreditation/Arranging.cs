using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Tests.Training;
using Cpd.Training.Contracts;
using Cpd.Training.Courses;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Accreditation;

/// <summary>What Accreditation's tests begin with: attendance as Training tells of it, and courses as it publishes them.</summary>
static class Arranging {
    /// <summary>Half a day on 28 September 2026, attended in full.</summary>
    public static AttendanceRecorded Attended(this CpdApp app, Guid personId, Guid authorityId, Guid? bookingId = null) => new(
        bookingId ?? Ids.New(app.Clock), 1, personId, null, Ids.New(app.Clock), Ids.New(app.Clock), authorityId, null,
        "Babbling babies", "Hear what babies say\nAnswer them", CourseMode.InPerson, AgeRanges.BirthToTwo,
        new DateTime(2026, 9, 28, 8, 30, 0, DateTimeKind.Utc), new DateTime(2026, 9, 28, 11, 30, 0, DateTimeKind.Utc), 180, 120, true, "Tess Trainer", app.Now);

    /// <summary>Tells events as their modules do, through the outbox, and lets them have their effect.</summary>
    public static async Task Tell<T>(this CpdApp app, params T[] events) where T : IEvent {
        await app.Database(async db => {
            await new Outbox(db, app.Clock, app.Services.GetRequiredService<OutboxSignal>()).Add(events.Cast<IEvent>(), default);
            return true;
        });
        await app.DrainOutbox();
    }

    /// <summary>Delivers everything once more, as a worker does that died before it could mark it.</summary>
    public static async Task TellAgain(this CpdApp app) {
        await app.Database(db => db.Execute("UPDATE platform_Outbox SET DeliveredAt = NULL", null, default));
        await app.Database(db => db.Execute("DELETE FROM platform_OutboxDelivery WHERE EventId NOT IN (SELECT Id FROM platform_Outbox)", null, default));
        await app.DrainOutbox();
    }

    public static Task<string?> CertificateNumber(this CpdApp app, Guid bookingId) => app.Database(db =>
        db.One<string>("SELECT Number FROM accreditation_Certificate WHERE CauseId = @bookingId AND RevokedAt IS NULL", new { bookingId }, default));

    /// <summary>A published course of an authority.</summary>
    public static async Task<Guid> Course(this CpdApp app, Guid authorityId, string title) {
        var officer = await app.Given.Officer(authorityId);
        var id = await app.Send(officer, TrainingGiven.Course(authorityId, title));
        await app.Send(officer, new PublishCourse.Command(id));
        return id;
    }
}
