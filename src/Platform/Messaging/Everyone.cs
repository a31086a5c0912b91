using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Platform.Messaging;

/// <summary>
/// A question to which any module may know a part of the answer. A record in the Contracts that all can see; a module that knows something
/// has an <see cref="IPartOf{TQuestion,TPart}"/>, one that knows nothing has none, and whoever asks need not know which.
/// </summary>
public interface IAskEveryone<TPart>;

/// <summary>A module's part of an answer. Read-only, answered now, found by scanning.</summary>
public interface IPartOf<TQuestion, TPart> where TQuestion : IAskEveryone<TPart> {
    Task<IReadOnlyList<TPart>> Answer(TQuestion question, CancellationToken ct);
}

/// <summary>Asks all who know a part, one after the other on the same connection, and puts the parts together in no promised order.</summary>
public sealed class Everyone(IServiceProvider services) {
    public async Task<IReadOnlyList<TPart>> Ask<TQuestion, TPart>(TQuestion question, CancellationToken ct) where TQuestion : IAskEveryone<TPart> {
        var parts = new List<TPart>();
        foreach (var part in services.GetServices<IPartOf<TQuestion, TPart>>()) parts.AddRange(await part.Answer(question, ct));
        return parts;
    }
}
