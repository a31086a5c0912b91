using Mono.Cecil;

namespace Cpd.Architecture.Tests;

/// <summary>
/// Every question and command has one answer, every write is validated. Start-up checks it too, for what it scans; this looks
/// at all that was compiled, so a request in an assembly nobody scans is found before anyone calls it.
/// </summary>
static class Requests {
    public static IReadOnlyList<TypeDefinition> In(IEnumerable<TypeDefinition> types) => [.. types.Where(t => IsConcrete(t) && t.Is("IRequest`1"))];

    public static IReadOnlyList<string> Problems(IReadOnlyList<TypeDefinition> types) {
        var concrete = types.Where(IsConcrete).ToList();
        var handlers = concrete.SelectMany(t => t.ArgumentsOf("IRequestHandler`2").Select(request => (request, t))).ToLookup(p => p.request, p => p.t);
        var validated = concrete.SelectMany(t => t.ArgumentsOf("AbstractValidator`1")).ToHashSet();
        var problems = new List<string>();
        foreach (var request in In(types)) {
            var found = handlers[request.FullName].ToList();
            if (found.Count == 0) problems.Add($"{request.FullName} has no handler");
            if (found.Count > 1) problems.Add($"{request.FullName} has {found.Count} handlers: {string.Join(", ", found.Select(h => h.FullName))}");
            if (request.Is("IWrite") && !validated.Contains(request.FullName)) problems.Add($"{request.FullName} writes but has no validator");
        }
        return problems;
    }

    static bool IsConcrete(TypeDefinition type) => !type.IsAbstract && !type.IsInterface && !type.HasGenericParameters;
}

public class RequestTests {
    [Fact]
    public void Requests_Product_HaveOneHandlerAndWritesAValidator() {
        var types = Product.Written(Product.Assemblies);
        Assert.NotEmpty(Requests.In(types));
        Assert.Contains(Requests.In(types), r => r.Is("IWrite"));
        Expect.None(Requests.Problems(types));
    }

    [Fact]
    public void Requests_HandlerOrValidatorIsMissing_IsNamed() {
        var types = Product.Fixtures<Fixture>();
        Assert.Equal(6, Requests.In(types).Count);
        Expect.Each(Requests.Problems(types), "Unanswered has no handler", "Twice has 2 handlers", "Unchecked writes but has no validator");
    }

    public sealed class Fixture {
        internal interface IWrite;
        internal abstract class Rules<T> : FluentValidation.AbstractValidator<T>;

        internal sealed record Ask(int Id) : MediatR.IRequest<int>;
        internal sealed class AskHandler : MediatR.IRequestHandler<Ask, int> {
            public Task<int> Handle(Ask request, CancellationToken cancellationToken) => Task.FromResult(request.Id);
        }

        internal sealed record Quiet : MediatR.IRequest, IWrite;
        internal sealed class QuietHandler : MediatR.AsyncRequestHandler<Quiet> {
            protected override Task Handle(Quiet request, CancellationToken cancellationToken) => Task.CompletedTask;
        }
        internal sealed class QuietValidator : Rules<Quiet>;

        internal sealed record Unanswered : MediatR.IRequest<int>;

        internal sealed record Twice : MediatR.IRequest<int>;
        internal abstract class TwiceHandler : MediatR.IRequestHandler<Twice, int> {
            public Task<int> Handle(Twice request, CancellationToken cancellationToken) => Task.FromResult(0);
        }
        internal sealed class TwiceOne : TwiceHandler;
        internal sealed class TwiceTwo : TwiceHandler;

        internal sealed record Unchecked : MediatR.IRequest<int>, IWrite;
        internal sealed class UncheckedHandler : MediatR.IRequestHandler<Unchecked, int> {
            public Task<int> Handle(Unchecked request, CancellationToken cancellationToken) => Task.FromResult(0);
        }

        internal sealed record Checked : MediatR.IRequest<int>, IWrite;
        internal sealed class CheckedHandler : MediatR.IRequestHandler<Checked, int> {
            public Task<int> Handle(Checked request, CancellationToken cancellationToken) => Task.FromResult(0);
        }
        internal sealed class CheckedValidator : FluentValidation.AbstractValidator<Checked>;
    }
}
