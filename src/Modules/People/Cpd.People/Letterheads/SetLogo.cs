using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Letterheads;

/// <summary>An officer puts a logo over the messages of their authority, in place of the one before, or takes it away.</summary>
internal static class SetLogo {
    /// <param name="Logo">The file's bytes; null to take it away, with <paramref name="Remove"/>.</param>
    internal sealed record Command(Guid AuthorityId, byte[]? Logo, bool Remove = false) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Logo).Custom((logo, context) => {
            if (context.InstanceToValidate.Remove) return;
            if (logo is null) context.AddFailure("Select a logo");
            else if (LogoFile.Problem(logo) is { } problem) context.AddFailure(problem);
        });
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Delete = "DELETE FROM people_Logo WHERE AuthorityId = @AuthorityId";
        const string Update = "UPDATE people_Logo SET ContentType = @ContentType, Width = @Width, Height = @Height, Content = @Content, ChangedAt = @Now WHERE AuthorityId = @AuthorityId";
        const string Insert = "INSERT INTO people_Logo (AuthorityId, ContentType, Width, Height, Content, ChangedAt) VALUES (@AuthorityId, @ContentType, @Width, @Height, @Content, @Now)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (!me.MayWord(request.AuthorityId)) return Outcome.NotFound;
            if (request.Remove) {
                await db.Execute(Delete, new { request.AuthorityId }, cancellationToken);
                return Outcome.Done;
            }
            var picture = LogoFile.Read(request.Logo)!;
            var row = new { request.AuthorityId, picture.ContentType, picture.Width, picture.Height, Content = Convert.ToBase64String(request.Logo!), Now = clock.GetUtcNow().UtcDateTime };
            try {
                if (await db.Execute(Update, row, cancellationToken) == 0) await db.Execute(Insert, row, cancellationToken);
                return Outcome.Done;
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Conflict("Somebody else has just put up a logo. Look at it, and send yours again if it is still wanted.");
            }
        }
    }
}
