using Cpd.Platform.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Platform;

public sealed class EveryoneTests {
    sealed record WhoKnows(string Word) : IAskEveryone<string>;

    sealed class Forum : IPartOf<WhoKnows, string> {
        public Task<IReadOnlyList<string>> Answer(WhoKnows question, CancellationToken ct) => Task.FromResult<IReadOnlyList<string>>([$"forum of {question.Word}"]);
    }

    sealed class Placement : IPartOf<WhoKnows, string> {
        public Task<IReadOnlyList<string>> Answer(WhoKnows question, CancellationToken ct) => Task.FromResult<IReadOnlyList<string>>([$"slot of {question.Word}", $"hours of {question.Word}"]);
    }

    [Fact]
    public async Task Ask_TwoKnowSomething_PutsTheirPartsTogether() {
        await using var services = new ServiceCollection().AddScoped<Everyone>().AddScoped<IPartOf<WhoKnows, string>, Forum>().AddScoped<IPartOf<WhoKnows, string>, Placement>().BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        Assert.Equal(["forum of Ann", "hours of Ann", "slot of Ann"], (await scope.ServiceProvider.GetRequiredService<Everyone>().Ask<WhoKnows, string>(new("Ann"), default)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Ask_NobodyKnowsAnything_IsNothing() {
        await using var services = new ServiceCollection().AddScoped<Everyone>().BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        Assert.Empty(await scope.ServiceProvider.GetRequiredService<Everyone>().Ask<WhoKnows, string>(new("Ann"), default));
    }
}
