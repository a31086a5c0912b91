using Cpd.People.Contracts;

namespace Cpd.Forums;

/// <summary>How a meeting is taken part in.</summary>
internal enum MeetingMode { InPerson, LiveOnline }

/// <summary>How far a meeting has come: seen by its officers only, by everyone, or called off.</summary>
internal enum Publication { Draft, Published, Cancelled }

/// <summary>What somebody counts as in a forum, in its lists and in its quorum.</summary>
internal enum ForumRole { Practitioner, Manager, Childminder, Parent, Volunteer, Officer, Partner }

/// <summary>What became of a member's reply to an invitation: who wants to come when all places are taken waits for one. Nothing said is no value.</summary>
internal enum Reply { Coming, Apologies, Waiting }

/// <summary>The words people read for this vocabulary.</summary>
internal static class ForumsWording {
    internal static IReadOnlyList<MeetingMode> Modes { get; } = [MeetingMode.InPerson, MeetingMode.LiveOnline];
    internal static IReadOnlyList<ForumRole> Roles { get; } = Enum.GetValues<ForumRole>();

    internal static string Of(MeetingMode mode) => mode == MeetingMode.InPerson ? "In person" : "Live online";

    internal static string Of(ForumRole role) => role switch { ForumRole.Officer => "Local authority officer", ForumRole.Partner => "Partner organisation", _ => role.ToString() };

    internal static string Of(Reply? reply) => reply switch { Reply.Coming => "Coming", Reply.Apologies => "Apologies", Reply.Waiting => "Waiting", _ => "No reply yet" };

    /// <summary>A waiting list ends when the meeting begins: from then on whoever waited has no reply.</summary>
    internal static Reply? Standing(Reply? reply, bool ahead) => reply == Reply.Waiting && !ahead ? null : reply;

    internal static string Of(Attendance attendance) => attendance switch { Attendance.Attended => "Attended", Attendance.Part => "Attended part", _ => "Did not attend" };

    internal static string Colour(Publication state) => state switch { Publication.Draft => "grey", Publication.Published => "green", _ => "red" };

    internal static string Colour(Reply? reply) => reply switch { Reply.Coming => "green", Reply.Apologies => "orange", Reply.Waiting => "yellow", _ => "grey" };

    /// <summary>What someone with this job counts as, unless somebody says otherwise.</summary>
    internal static ForumRole RoleOf(JobRole job) => job switch {
        JobRole.Manager => ForumRole.Manager, JobRole.Childminder => ForumRole.Childminder, JobRole.Volunteer => ForumRole.Volunteer,
        JobRole.HealthVisitor or JobRole.Midwife or JobRole.FamilySupport => ForumRole.Partner, _ => ForumRole.Practitioner,
    };
}
