namespace Cpd.People.Contracts;

/// <summary>What someone may be on this platform. What each may do stands in the host's Permissions.md.</summary>
public enum Role { SystemAdministrator, AuthorityOfficer, SettingManager, Practitioner, Trainer, TrainingProviderOfficer, Accreditor, PlacementHost, Student, InstitutionOfficer }

/// <summary>The kinds of organisation at which a role can be held.</summary>
public enum OrganisationKind { None, Authority, Setting, TrainingProvider, Accreditor, PlacementHost, Institution }

/// <summary>What a person does in the early-years workforce. Courses name their audience in the same words.</summary>
public enum JobRole { Manager, RoomLeader, Practitioner, Childminder, Senco, SafeguardingLead, Apprentice, Student, Volunteer, HealthVisitor, Midwife, FamilySupport, Other }

/// <summary>The ages that a person works with or a course is about; a set.</summary>
[Flags]
public enum AgeRanges { None = 0, BirthToTwo = 1, TwoToThree = 2, ThreeToFive = 4 }

/// <summary>The words people read for this vocabulary.</summary>
public static class Wording {
    public static string Of(Role role) => role switch {
        Role.SystemAdministrator => "System administrator", Role.AuthorityOfficer => "Authority officer", Role.SettingManager => "Setting manager",
        Role.TrainingProviderOfficer => "Training provider officer", Role.PlacementHost => "Placement host", Role.InstitutionOfficer => "Institution officer", _ => role.ToString(),
    };

    public static string Of(JobRole job) => job switch {
        JobRole.RoomLeader => "Room leader", JobRole.Senco => "SENCO", JobRole.SafeguardingLead => "Designated safeguarding lead",
        JobRole.HealthVisitor => "Health visitor", JobRole.FamilySupport => "Family support worker", _ => job.ToString(),
    };

    /// <summary>"Birth to 2, 3 to 5"; "All ages" for all or none.</summary>
    public static string Of(AgeRanges ages) => ages is AgeRanges.None or (AgeRanges.BirthToTwo | AgeRanges.TwoToThree | AgeRanges.ThreeToFive) ? "All ages"
        : string.Join(", ", Each.Where(a => ages.HasFlag(a.Range)).Select(a => a.Words));

    /// <summary>Each single range with its words, youngest first.</summary>
    public static IReadOnlyList<(AgeRanges Range, string Words)> Each { get; } =
        [(AgeRanges.BirthToTwo, "Birth to 2"), (AgeRanges.TwoToThree, "2 to 3"), (AgeRanges.ThreeToFive, "3 to 5")];
}
