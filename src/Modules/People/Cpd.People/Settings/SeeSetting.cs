using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.People.Settings;

/// <summary>A setting with who works there today.</summary>
internal static class SeeSetting {
    internal sealed record Query(Guid SettingId, Paging Paging) : IRequest<Outcome<View>>;

    internal sealed record View(Setting Setting, PageOf<Staff> Staff);

    internal sealed record Setting {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string Urn { get; init; } = "";
        public string AuthorityName { get; init; } = "";
        public string ProviderType { get; init; } = "";
        public string Subtype { get; init; } = "";
        public string Status { get; init; } = "";
        public int? Places { get; init; }
        public string Address { get; init; } = "";
        public string Town { get; init; } = "";
        public string Postcode { get; init; } = "";
        public bool TermTimeOnly { get; init; }
        public DateOnly? RegisteredOn { get; init; }
        public DateOnly? ClosedOn { get; init; }
    }

    internal sealed record Staff {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string? Email { get; init; }
        /// <summary>Messages to the address can't be delivered.</summary>
        public bool EmailIsDead { get; init; }
        public JobRole JobRole { get; init; }
        public AgeRanges AgeRanges { get; init; }
        public DateOnly JoinedOn { get; init; }
    }

    internal sealed class Handler(Db db, DeadAddresses dead, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = $"""
            SELECT s.Id, s.Name, s.Urn, a.Name AS AuthorityName, s.ProviderType, s.Subtype, s.Status, s.Places, s.Address, s.Town, s.Postcode, s.TermTimeOnly, s.RegisteredOn, s.ClosedOn
            FROM people_Setting s
            JOIN people_Authority a ON a.Id = s.AuthorityId
            WHERE s.Id = @SettingId AND {Within.Settings}
            """;
        const string CountStaff = "SELECT COUNT(*) FROM people_Membership WHERE SettingId = @SettingId AND JoinedOn <= @Today AND (LeftOn IS NULL OR LeftOn >= @Today)";
        const string SelectStaff = """
            SELECT p.Id, p.Name, p.Email, m.JobRole, m.AgeRanges, m.JoinedOn
            FROM people_Membership m
            JOIN people_Person p ON p.Id = m.PersonId
            WHERE m.SettingId = @SettingId AND m.JoinedOn <= @Today AND (m.LeftOn IS NULL OR m.LeftOn >= @Today)
            ORDER BY p.NameKey, p.Id, m.Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var setting = await db.One<Setting>(Select, db.In(me.Reach(PeoplePermissions.SeeSettings), new { request.SettingId }), cancellationToken);
            if (setting is null) return Outcome.NotFound;
            var today = London.Today(clock);
            var total = await db.One<int>(CountStaff, new { request.SettingId, Today = today }, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1, request.Paging.Size);
            var staff = await db.List<Staff>(db.Page(SelectStaff), new { request.SettingId, Today = today, paging.Skip, paging.Take }, cancellationToken);
            var unreachable = await dead.Among(staff.Select(p => p.Email).OfType<string>(), cancellationToken);
            return new View(setting, new PageOf<Staff>([.. staff.Select(p => p with { EmailIsDead = p.Email is not null && unreachable.Contains(p.Email) })], total, paging));
        }
    }
}
