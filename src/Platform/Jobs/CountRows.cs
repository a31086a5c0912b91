using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;

namespace Cpd.Platform.Jobs;

/// <summary>
/// Every hour the engine learns how large its tables have become. An engine that has never counted them guesses, and may ask for a hundred bookings by walking
/// over every session in England.
/// </summary>
static class CountRows {
    internal static readonly Schedule Schedule = new("platform.count-rows", "0 40 * * * ?", (mediator, ct) => mediator.Send(new Command(), ct));

    internal sealed record Command : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db) : IRequestHandler<Command, Outcome<Done>> {
        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            await db.CountRows(cancellationToken);
            return Outcome.Done;
        }
    }
}
