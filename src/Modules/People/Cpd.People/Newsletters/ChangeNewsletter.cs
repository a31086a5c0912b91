using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Newsletters;

/// <summary>An officer changes a draft: what it says and to whom it goes. What has been sent stays as it was.</summary>
internal static class ChangeNewsletter {
    /// <param name="SettingTypes">None: all.</param>
    internal sealed record Command(Guid Id, int Version, string? Subject, string? Words, IReadOnlyList<JobRole> JobRoles, IReadOnlyList<string> SettingTypes, IReadOnlyList<Role> Roles) : IRequest<Outcome<Done>>, IWrite {
        /// <summary>Groups that other modules know, of the authority.</summary>
        public IReadOnlyList<Guid> Groups { get; init; } = [];
    }

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Subject).NotEmpty().WithMessage("Enter the subject").MaximumLength(Newsletter.LongestSubject).WithMessage($"The subject must be {Newsletter.LongestSubject} characters or fewer");
            RuleFor(c => c.Words).NotEmpty().WithMessage("Write the newsletter").MaximumLength(Newsletter.LongestWords).WithMessage($"The newsletter must be {Newsletter.LongestWords:N0} characters or fewer");
            RuleFor(c => c.JobRoles).Must((c, _) => c.JobRoles.Count + c.Roles.Count + c.Groups.Count > 0).WithMessage("Select who gets it").ForEach(r => r.IsInEnum().WithMessage("Select who gets it"));
            RuleFor(c => c.Roles).Must(r => r.All(Newsletter.Roles.Contains)).WithMessage("Select roles from the list");
            RuleFor(c => c.SettingTypes).Must(t => t.All(one => one is { Length: > 0 and <= 200 })).WithMessage("Select kinds of setting from the list");
        }
    }

    internal sealed class Handler(Db db, Everyone everyone, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = """
            UPDATE people_Newsletter SET Subject = @Subject, Words = @Words, Version = Version + 1
            WHERE Id = @Id AND State = 'Draft' AND Version = @Version AND (@All = 1 OR AuthorityId IN @Authorities)
            """;
        const string Clear = "DELETE FROM people_NewsletterAudience WHERE NewsletterId = @Id";
        const string Insert = "INSERT INTO people_NewsletterAudience (NewsletterId, Kind, Value) VALUES (@Id, @Kind, @Value)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var row = new { request.Id, request.Version, Subject = request.Subject!.Trim(), Words = request.Words!.Trim() };
            if (await db.Execute(Update, Newsletter.Reach(me, db, row), cancellationToken) == 0)
                return await db.One<Newsletter>(Newsletter.Select, Newsletter.Reach(me, db, new { request.Id }), cancellationToken) is null ? Outcome.NotFound
                    : Outcome.Conflict("Somebody else has changed or sent this newsletter meanwhile. Copy what you have written and open it again.");
            if (request.Groups.Count > 0) {
                var newsletter = (await db.One<Newsletter>(Newsletter.Select, Newsletter.Reach(me, db, new { request.Id }), cancellationToken))!;
                var known = (await everyone.Ask<ListGroups, GroupCard>(new(newsletter.AuthorityId), cancellationToken)).Select(g => g.Id).ToHashSet();
                if (!request.Groups.All(known.Contains)) return Outcome.Invalid(nameof(request.Groups), "Select groups from the list");
            }
            await db.Execute(Clear, row, cancellationToken);
            var audience = request.JobRoles.Distinct().Select(r => (Kind: "JobRole", Value: r.ToString()))
                .Concat(request.SettingTypes.Distinct().Select(t => (Kind: "SettingType", Value: t)))
                .Concat(request.Roles.Distinct().Select(r => (Kind: "Role", Value: r.ToString())))
                .Concat(request.Groups.Distinct().Select(g => (Kind: "Group", Value: g.ToString())));
            await db.Execute(Insert, audience.Select(a => new { request.Id, a.Kind, a.Value }).ToList(), cancellationToken);
            return Outcome.Done;
        }
    }
}
