using System.Security.Cryptography;
using System.Text;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace Cpd.Platform.Messages;

/// <summary>What became of messages after their channel had taken them is written down; what is heard twice or late changes nothing.</summary>
static class RecordDelivery {
    /// <param name="At">When it was heard, UTC.</param>
    internal sealed record Heard(Guid MessageId, Delivery Delivery, DateTime At);

    internal sealed record Command(IReadOnlyList<Heard> All) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, DeadAddresses dead) : IRequestHandler<Command, Outcome<Done>> {
        // Whatever its state: what the channel has taken may not be written down as sent yet.
        const string Update = """
            UPDATE platform_Message SET Delivery = @Delivery, DeliveryAt = @At, AskAt = NULL
            WHERE Id = @MessageId AND (Delivery IS NULL OR Delivery <> @Delivery AND DeliveryAt < @At)
            """;

        const string SelectTo = "SELECT Recipient, Delivery FROM platform_Message WHERE Id IN @Ids AND Recipient <> ''";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            await db.Execute(Update, request.All.Select(h => new { h.MessageId, Delivery = h.Delivery.ToString(), h.At }), cancellationToken);
            var told = (await db.List<Row>(SelectTo, new { Ids = db.Ids(request.All.Select(h => h.MessageId)) }, cancellationToken)).ToLookup(r => r.Delivery, r => r.Recipient);
            await dead.Remove(told[Delivery.Delivered], cancellationToken);
            await dead.Add(told[Delivery.PermanentFailure], cancellationToken);
            return Outcome.Done;
        }

        sealed record Row {
            public string Recipient { get; init; } = "";
            public Delivery? Delivery { get; init; }
        }
    }

    /// <summary>Where GOV.UK Notify calls. It knows no more of who it is than the token that it was given.</summary>
    internal static void Map(IEndpointRouteBuilder api) => api.MapPost("/notify/deliveries", async (NotifyStatus status, HttpRequest request, IConfiguration configuration, IMediator mediator, TimeProvider clock, CancellationToken ct) => {
        if (configuration["Notify:CallbackToken"] is not { Length: > 0 } token) return Results.NotFound();
        // Of equal length, so that it can be compared in the same time whatever it is.
        var (given, wanted) = (SHA256.HashData(Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString())), SHA256.HashData(Encoding.UTF8.GetBytes($"Bearer {token}")));
        if (!CryptographicOperations.FixedTimeEquals(given, wanted)) return Results.Unauthorized();
        // What is not known here is taken too: Notify would call again and again.
        if (Guid.TryParse(status.Reference, out var id) && status.Delivery is { } delivery) await mediator.Send(new Command([new(id, delivery, clock.GetUtcNow().UtcDateTime)]), ct);
        return Results.NoContent();
    })
        .WithName("RecordDelivery").WithSummary("GOV.UK Notify tells what became of a message. Give Notify this address and the token of the setting Notify:CallbackToken.")
        .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status404NotFound)
        .IsPublic();
}
