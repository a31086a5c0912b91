using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.People.Organisations;

/// <summary>The organisations at which a user may give roles, by name: an officer's are those that their authority added; an administrator's are all, with the authorities.</summary>
internal static class ChooseOrganisations {
    internal sealed record Query : IRequest<IReadOnlyList<Choice>>;

    internal sealed record Choice(Guid Id, string Name, string KindWords);

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, IReadOnlyList<Choice>> {
        const string Select = """
            SELECT Id, Kind, Name, NameKey FROM people_Organisation WHERE @All = 1 OR AuthorityId IN @Authorities
            UNION ALL SELECT Id, 'Authority', Name, Name FROM people_Authority WHERE @All = 1 AND ToOn IS NULL
            ORDER BY NameKey, Id
            """;

        public async Task<IReadOnlyList<Choice>> Handle(Query request, CancellationToken cancellationToken) =>
            [.. (await db.List<Row>(Select, db.In(me.Reach(PeoplePermissions.GrantRoles)), cancellationToken)).Select(r => new Choice(r.Id, r.Name, OrganisationWords.Of(r.Kind)))];

        sealed record Row {
            public Guid Id { get; init; }
            public OrganisationKind Kind { get; init; }
            public string Name { get; init; } = "";
        }
    }
}

/// <summary>The words people read for kinds of organisation.</summary>
internal static class OrganisationWords {
    internal static string Of(OrganisationKind kind) => kind switch {
        OrganisationKind.TrainingProvider => "training provider",
        OrganisationKind.PlacementHost => "placement host",
        OrganisationKind.Institution => "sending institution",
        OrganisationKind.Accreditor => "accreditor",
        OrganisationKind.Authority => "local authority",
        _ => "setting",
    };

    internal static string Heading(OrganisationKind kind) => kind switch {
        OrganisationKind.TrainingProvider => "Training providers",
        OrganisationKind.PlacementHost => "Placement hosts",
        OrganisationKind.Institution => "Sending institutions",
        _ => "Accreditors",
    };

    /// <summary>The kinds that are added by hand.</summary>
    internal static IReadOnlyList<OrganisationKind> Kinds { get; } = [OrganisationKind.TrainingProvider, OrganisationKind.Accreditor, OrganisationKind.PlacementHost, OrganisationKind.Institution];
}
