using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.Forums.Themes;

/// <summary>An officer adds a theme of their authority, takes one back up, or ends it: then no item can cite it any more.</summary>
internal static class ChangeThemes {
    internal sealed record Add(Guid? AuthorityId, string? Name) : IRequest<Outcome<Guid>>, IWrite;
    internal sealed record End(Guid Id) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class AddValidator : AbstractValidator<Add> {
        public AddValidator() {
            RuleFor(c => c.AuthorityId).NotEmpty().WithMessage("Select the local authority");
            RuleFor(c => c.Name).NotEmpty().WithMessage("Enter the theme").MaximumLength(100).WithMessage("The theme must be 100 characters or fewer");
        }
    }

    internal sealed class EndValidator : AbstractValidator<End> {
        public EndValidator() => RuleFor(c => c.Id).NotEmpty();
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Add, Outcome<Guid>>, IRequestHandler<End, Outcome<Done>> {
        const string Insert = "INSERT INTO forums_Theme (Id, AuthorityId, Name, NameKey) VALUES (@Id, @AuthorityId, @Name, @NameKey)";
        const string Revive = "UPDATE forums_Theme SET EndedAt = NULL, Name = @Name WHERE AuthorityId = @AuthorityId AND NameKey = @NameKey AND EndedAt IS NOT NULL";
        const string SelectId = "SELECT Id FROM forums_Theme WHERE AuthorityId = @AuthorityId AND NameKey = @NameKey";
        const string Finish = "UPDATE forums_Theme SET EndedAt = @Now WHERE Id = @Id AND EndedAt IS NULL AND (@All = 1 OR AuthorityId IN @Authorities)";

        public async Task<Outcome<Guid>> Handle(Add request, CancellationToken cancellationToken) {
            var reach = me.Reach(ForumsPermissions.ManageForums);
            if (!reach.All && !reach.Authorities.Contains(request.AuthorityId!.Value)) return Outcome.NotFound;
            var name = request.Name!.Trim();
            var row = new { Id = Ids.New(clock), request.AuthorityId, Name = name, NameKey = name.ToLowerInvariant() };
            if (await db.Execute(Revive, row, cancellationToken) == 1) return await db.One<Guid>(SelectId, row, cancellationToken);
            try {
                await db.Execute(Insert, row, cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.Name), "There is this theme already");
            }
            return row.Id;
        }

        public async Task<Outcome<Done>> Handle(End request, CancellationToken cancellationToken) {
            var reach = me.Reach(ForumsPermissions.ManageForums);
            return await db.Execute(Finish, new { request.Id, Now = clock.GetUtcNow().UtcDateTime, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) == 1 ? Outcome.Done : Outcome.NotFound;
        }
    }
}
