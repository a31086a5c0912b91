using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;

namespace Cpd.Forums.Members;

/// <summary>An officer says what a member counts as in the forum. Meetings that were replied to or held keep what they counted as then.</summary>
internal static class ChangeMember {
    internal sealed record Command(Guid SeriesId, Guid PersonId, ForumRole? Role) : IRequest<Outcome<Done>>, IWrite;

    internal sealed record Query(Guid SeriesId, Guid PersonId) : IRequest<Outcome<View>>;

    internal sealed record View(string SeriesName, string Name, ForumRole Role);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Role).NotNull().WithMessage("Select what they count as").IsInEnum().WithMessage("Select what they count as");
    }

    internal sealed class Handler(Db db, IMediator mediator, ForumScope scope) : IRequestHandler<Command, Outcome<Done>>, IRequestHandler<Query, Outcome<View>> {
        const string Select = "SELECT Role FROM forums_Member WHERE SeriesId = @SeriesId AND PersonId = @PersonId AND Until IS NULL AND (@IsOwn = 1 OR AuthorityId IN @Mine)";
        const string Update = "UPDATE forums_Member SET Role = @Role WHERE SeriesId = @SeriesId AND PersonId = @PersonId AND Until IS NULL AND (@IsOwn = 1 OR AuthorityId IN @Mine)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await scope.Of(request.SeriesId, cancellationToken) is not { } found) return Outcome.NotFound;
            return await db.Execute(Update, new { request.SeriesId, request.PersonId, Role = request.Role.ToString(), IsOwn = found.Series.IsOwn ? 1 : 0, Mine = db.Ids(found.Mine) }, cancellationToken) == 1 ? Outcome.Done : Outcome.NotFound;
        }

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await scope.Of(request.SeriesId, cancellationToken) is not { } found) return Outcome.NotFound;
            if (await db.One<string>(Select, new { request.SeriesId, request.PersonId, IsOwn = found.Series.IsOwn ? 1 : 0, Mine = db.Ids(found.Mine) }, cancellationToken) is not { } role) return Outcome.NotFound;
            return new View(found.Series.Name, (await mediator.Send(new FindPeople([request.PersonId]), cancellationToken)) is [var person] ? person.Name : "", Enum.Parse<ForumRole>(role));
        }
    }
}
