using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.MeetingRegisters;

/// <summary>
/// The register is closed once the meeting has begun: whoever is not on it did not come, the quorum is judged and kept, hours go into people's CPD records, and those who
/// were there are asked what they thought. It can be corrected after that.
/// </summary>
internal static class CloseRegister {
    internal sealed record Command(Guid MeetingId) : IRequest<Outcome<Closed>>, IWrite;

    internal sealed record Closed(int Attended, bool? QuorumMet);

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Register register, TimeProvider clock) : IRequestHandler<Command, Outcome<Closed>> {
        public async Task<Outcome<Closed>> Handle(Command request, CancellationToken cancellationToken) {
            if (await register.Open(request.MeetingId, cancellationToken, toWrite: true) is not { } opened) return Outcome.NotFound;
            if (register.NotNow(opened.Meeting) is { } early) return early;
            if (opened.Meeting.RegisterClosedAt is { } closed) return Outcome.Conflict($"The register was closed on {Show.DateAndTime(closed)}. What you change now is a correction.");
            if (opened.Meeting.StartsAt > clock.GetUtcNow().UtcDateTime) return Outcome.Conflict("The meeting has not started yet, so its register can't be closed.");
            await register.Write(opened, [], close: true, cancellationToken);
            var there = opened.People.Values.Where(p => p.WasThere).ToList();
            return new Closed(there.Count, Quorum.IsMet(Quorum.Of(opened.Rules, there.Select(p => p.Role))));
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/meetings/{id:guid}/register/close", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id), ct)).ToHttp())
        .WithName("CloseForumRegister").WithSummary("Closes the register of a meeting: whoever is not recorded did not come; says how many did and whether the quorum was met.").Produces<Closed>().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
