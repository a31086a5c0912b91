using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Letterheads;

/// <summary>An officer says what stands in every message of their authority: after the greeting, at the end, whom to ask and who signs. What is left empty is not said.</summary>
internal static class SetLetterhead {
    /// <param name="Version">Of the words as they were read; 0 when there were none.</param>
    internal sealed record Command(Guid AuthorityId, int Version, string? Introduction, string? Closing, string? Contact, string? SignOff) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Introduction).MaximumLength(500).WithMessage("The introduction must be 500 characters or fewer");
            RuleFor(c => c.Closing).MaximumLength(500).WithMessage("The closing words must be 500 characters or fewer");
            RuleFor(c => c.Contact).MaximumLength(300).WithMessage("Whom to ask must be 300 characters or fewer");
            RuleFor(c => c.SignOff).MaximumLength(200).WithMessage("The sign-off must be 200 characters or fewer");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Insert = "INSERT INTO people_Letterhead (AuthorityId, Introduction, Closing, Contact, SignOff, Version) VALUES (@AuthorityId, @Introduction, @Closing, @Contact, @SignOff, 1)";
        const string Update = """
            UPDATE people_Letterhead SET Introduction = @Introduction, Closing = @Closing, Contact = @Contact, SignOff = @SignOff, Version = Version + 1
            WHERE AuthorityId = @AuthorityId AND Version = @Version
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (!me.MayWord(request.AuthorityId)) return Outcome.NotFound;
            var row = new { request.AuthorityId, request.Version, Introduction = Said(request.Introduction), Closing = Said(request.Closing), Contact = Said(request.Contact), SignOff = Said(request.SignOff) };
            try {
                return await db.Execute(request.Version == 0 ? Insert : Update, row, cancellationToken) == 1 ? Outcome.Done : Outcome.Conflict(Changed);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Conflict(Changed);
            }
        }

        const string Changed = "Somebody else has changed the wording since you opened it. Open it again to see their changes.";
    }

    internal static string? Said(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim().ReplaceLineEndings("\n");
}
