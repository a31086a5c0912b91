using System.Collections.Concurrent;
using System.Diagnostics;
using Cpd.Platform.Messaging;
using MediatR;

namespace Cpd.Platform.Telemetry;

/// <summary>A span and a duration for each use case, named after its slice, such as "Training.BookPlaces", with how it ended.</summary>
sealed class MeasuringBehaviour<TRequest, TResponse> : IPipelineBehavior<TRequest, TResponse> where TRequest : IRequest<TResponse> {
    static readonly string UseCase = UseCaseName.Of(typeof(TRequest));

    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        Measures.UseCasesWanted ? Measured(next) : next();

    static async Task<TResponse> Measured(RequestHandlerDelegate<TResponse> next) {
        using var span = Measures.Spans.StartActivity(UseCase);
        var since = Stopwatch.GetTimestamp();
        var outcome = "failed";
        try {
            var response = await next();
            outcome = response is IRefusable refusable ? UseCaseName.Of(refusable.Refusal) : "done";
            return response;
        } catch (Exception e) {
            span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", e.GetType().FullName);
            throw;
        } finally {
            span?.SetTag("cpd.outcome", outcome);
            Measures.UseCase(UseCase, outcome, Stopwatch.GetElapsedTime(since));
        }
    }
}

static class UseCaseName {
    static readonly ConcurrentDictionary<Type, string> Names = new();

    /// <summary>Module and slice: "Cpd.Training.Bookings.BookPlaces+Command" is "Training.BookPlaces".</summary>
    public static string Of(Type request) => Names.GetOrAdd(request, type =>
        $"{type.Namespace?.Split('.').ElementAtOrDefault(1)}.{(type.DeclaringType is { } slice && type.Name is "Command" or "Query" ? type.DeclaringType!.Name : type.Name)}");

    public static string Of(Refusal? refusal) => refusal switch {
        null => "done",
        NotFound => "not_found",
        Forbidden => "forbidden",
        Conflict => "conflict",
        Invalid => "invalid",
        _ => "refused",
    };
}
