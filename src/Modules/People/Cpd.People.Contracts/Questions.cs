using Cpd.Platform.Messaging;
using MediatR;

namespace Cpd.People.Contracts;

/// <summary>People by id, however many, in no promised order; ids that are nobody's are left out.</summary>
public sealed record FindPeople(IReadOnlyCollection<Guid> Ids) : IRequest<IReadOnlyList<PersonCard>>;

/// <param name="Email">Null when the person has none.</param>
public sealed record PersonCard(Guid Id, string Name, string? Email) {
    /// <summary>As "+447700900123"; null when the person wants no text messages. Only <see cref="FindPeople"/> tells.</summary>
    public string? Mobile { get; init; }
}

/// <summary>Where these people work on a day: a row for each membership that is alive on it, in no promised order.</summary>
public sealed record FindStaff(IReadOnlyCollection<Guid> PersonIds, DateOnly On) : IRequest<IReadOnlyList<StaffPlace>>;

/// <summary>Who worked in these settings at any time from a day to a day (both included), by name.</summary>
public sealed record ListStaff(IReadOnlyCollection<Guid> SettingIds, DateOnly From, DateOnly To) : IRequest<IReadOnlyList<StaffPlace>>;

/// <summary>Staff of the settings of these authorities whose name or email address begins with the text, on a day; at most 20, by name.</summary>
public sealed record SearchStaff(IReadOnlyCollection<Guid> AuthorityIds, string Text, DateOnly On) : IRequest<IReadOnlyList<StaffPlace>>;

/// <param name="LeftOn">The last day; null while the person works there.</param>
public sealed record StaffPlace(Guid PersonId, string Name, string? Email, Guid SettingId, string SettingName, Guid AuthorityId, JobRole JobRole, AgeRanges AgeRanges, DateOnly JoinedOn, DateOnly? LeftOn);

/// <summary>All local authorities of today, by name.</summary>
public sealed record ListAuthorities : IRequest<IReadOnlyList<AuthorityCard>>;

public sealed record AuthorityCard(Guid Id, string OnsCode, string Name);

/// <summary>Settings by id, however many, in no promised order; unknown ids are left out.</summary>
public sealed record FindSettings(IReadOnlyCollection<Guid> Ids) : IRequest<IReadOnlyList<SettingCard>>;

/// <param name="Type">What Ofsted calls it: "Childminder", "Childcare on non-domestic premises".</param>
/// <param name="TermTimeOnly">It is closed between the terms of its authority.</param>
public sealed record SettingCard(Guid Id, string Name, string Urn, Guid AuthorityId, string Type, bool TermTimeOnly);

/// <summary>The types of setting that there are in an authority, in order of the alphabet.</summary>
public sealed record ListSettingTypes(Guid AuthorityId) : IRequest<IReadOnlyList<string>>;

/// <summary>Settings of an authority whose name or URN begins with the text; at most 20, by name.</summary>
public sealed record SearchSettings(Guid AuthorityId, string Text) : IRequest<IReadOnlyList<SettingCard>>;

/// <summary>Training providers, accreditors, placement hosts and sending institutions by id, in no promised order; unknown ids are left out.</summary>
public sealed record FindOrganisations(IReadOnlyCollection<Guid> Ids) : IRequest<IReadOnlyList<OrganisationCard>>;

/// <summary>All organisations of a kind, by name.</summary>
public sealed record ListOrganisations(OrganisationKind Kind) : IRequest<IReadOnlyList<OrganisationCard>>;

public sealed record OrganisationCard(Guid Id, OrganisationKind Kind, string Name);

/// <summary>People who hold a role at this moment: trainers, for a session. By name; at most 200.</summary>
public sealed record ListHolders(Role Role) : IRequest<IReadOnlyList<PersonCard>>;

/// <summary>Who holds a role at these organisations (authorities, settings) at this moment; a row for each pair, in no promised order.</summary>
public sealed record FindHolders(Role Role, IReadOnlyCollection<Guid> OrganisationIds) : IRequest<IReadOnlyList<Holder>>;

/// <param name="Email">Null when the person has none.</param>
public sealed record Holder(Guid OrganisationId, Guid PersonId, string Name, string? Email);

/// <summary>Who held a role at these organisations and holds it there no more; a row for each pair, in no promised order. Who has it again is not among them.</summary>
public sealed record FindFormerHolders(Role Role, IReadOnlyCollection<Guid> OrganisationIds) : IRequest<IReadOnlyList<FormerHolder>>;

/// <param name="EndedAt">When it ended, the last time that it did; UTC.</param>
public sealed record FormerHolder(Guid OrganisationId, Guid PersonId, DateTime EndedAt);

/// <summary>The days from one day to another (both included) on which an authority is closed, bank holidays among them, in order. Weekends are not listed.</summary>
public sealed record ListClosedDays(Guid AuthorityId, DateOnly From, DateOnly To) : IRequest<IReadOnlyList<DateOnly>>;

/// <summary>
/// Where these people are bound in a time, from one moment (included) to another (not): asked of everyone, and each module answers of
/// what it knows. Nothing is said of a person who is free. Times are UTC; the order is not promised.
/// </summary>
public sealed record FindCommitments(IReadOnlyCollection<Guid> PersonIds, DateTime From, DateTime To) : IAskEveryone<Commitment>;

/// <param name="What">In words that the one who asks may read: no more than they could see elsewhere.</param>
/// <param name="CauseId">The session, meeting or slot, so that the asker can leave out the one they ask for.</param>
public sealed record Commitment(Guid PersonId, string What, DateTime StartsAt, DateTime EndsAt, Guid CauseId);

/// <summary>For each of these authorities the days from one day to another (both included) on which people do not work; weekends are not listed.</summary>
public sealed record ListDaysOff(IReadOnlyCollection<Guid> AuthorityIds, DateOnly From, DateOnly To) : IRequest<IReadOnlyList<DaysOff>>;

/// <param name="Closed">The authority's closed days, bank holidays among them.</param>
/// <param name="OutOfTerm">Days between its terms, on which settings that are open in term time only are closed. Empty before its first term and after its last, of which nothing is known.</param>
public sealed record DaysOff(Guid AuthorityId, IReadOnlyList<DateOnly> Closed, IReadOnlyList<DateOnly> OutOfTerm);

/// <summary>
/// What those who run these authorities and settings should know of the time ahead, from one moment (included) to another (not): asked of everyone, and each
/// module answers of what it knows. Where there is nothing to say, nothing is said. Times are UTC; the order is not promised.
/// </summary>
public sealed record FindWeek(IReadOnlyCollection<Guid> AuthorityIds, IReadOnlyCollection<Guid> SettingIds, DateTime From, DateTime To) : IAskEveryone<WeekPart>;

/// <summary>One thing to know of an organisation's week.</summary>
/// <param name="Rank">Where it stands among the others of its organisation, the lowest first.</param>
/// <param name="Heading">"Registers still open".</param>
/// <param name="Lines">What is read below it, in order.</param>
/// <param name="Address">Where one sees to it, in this service.</param>
public sealed record WeekPart(Guid OrganisationId, int Rank, string Heading, IReadOnlyList<string> Lines, string Address) {
    const int Most = 10;

    /// <summary>A part for each organisation that has lines; of many lines the first, and how many more there are.</summary>
    public static IEnumerable<WeekPart> Of(IEnumerable<(Guid OrganisationId, string Line)> lines, int rank, string heading, string address) => lines.GroupBy(l => l.OrganisationId, l => l.Line).Select(g =>
        new WeekPart(g.Key, rank, heading, g.Count() <= Most ? [.. g] : [.. g.Take(Most), $"and {g.Count() - Most} more"], address));
}
