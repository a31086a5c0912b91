using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Newsletters;

/// <summary>An officer begins a newsletter of their authority; it is a draft until it is sent.</summary>
internal static class BeginNewsletter {
    internal sealed record Command(Guid? AuthorityId, string? Subject) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.AuthorityId).NotNull().WithMessage("Select an authority");
            RuleFor(c => c.Subject).NotEmpty().WithMessage("Enter the subject").MaximumLength(Newsletter.LongestSubject).WithMessage($"The subject must be {Newsletter.LongestSubject} characters or fewer");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO people_Newsletter (Id, AuthorityId, Subject, Words, State, CreatedAt, CreatedBy, Version)
            SELECT @Id, a.Id, @Subject, '', 'Draft', @Now, @PersonId, 1
            FROM people_Authority a
            WHERE a.Id = @AuthorityId AND (@All = 1 OR a.Id IN @Authorities)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var row = new { Id = Ids.New(clock), request.AuthorityId, Subject = request.Subject!.Trim(), me.PersonId, Now = clock.GetUtcNow().UtcDateTime };
            return await db.Execute(Insert, Newsletter.Reach(me, db, row), cancellationToken) == 1 ? row.Id : Outcome.NotFound;
        }
    }
}
