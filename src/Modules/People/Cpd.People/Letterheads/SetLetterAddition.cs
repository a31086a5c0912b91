using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Letterheads;

/// <summary>An officer adds a paragraph to the messages of one kind of their authority; empty, it is taken away.</summary>
internal static class SetLetterAddition {
    internal sealed record Command(Guid AuthorityId, string Kind, string? Words) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Words).MaximumLength(500).WithMessage("The paragraph must be 500 characters or fewer");
    }

    internal sealed class Handler(Db db, LetterKinds kinds, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Delete = "DELETE FROM people_LetterAddition WHERE AuthorityId = @AuthorityId AND Kind = @Kind";
        const string Update = "UPDATE people_LetterAddition SET Words = @Words WHERE AuthorityId = @AuthorityId AND Kind = @Kind";
        const string Insert = "INSERT INTO people_LetterAddition (AuthorityId, Kind, Words) VALUES (@AuthorityId, @Kind, @Words)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (!me.MayWord(request.AuthorityId) || kinds.Find(request.Kind) is not { IsOfNobody: false } kind) return Outcome.NotFound;
            var row = new { request.AuthorityId, Kind = kind.Name, Words = SetLetterhead.Said(request.Words) };
            try {
                if (row.Words is null) await db.Execute(Delete, row, cancellationToken);
                else if (await db.Execute(Update, row, cancellationToken) == 0) await db.Execute(Insert, row, cancellationToken);
                return Outcome.Done;
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Conflict("Somebody else has just added a paragraph. Open the message again to see it.");
            }
        }
    }
}
