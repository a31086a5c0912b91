using Cpd.Forums;
using Cpd.Forums.MeetingRegisters;

namespace Cpd.Tests.Forums;

/// <summary>Whether enough have come, without a database.</summary>
public sealed class QuorumTests {
    static readonly QuorumRule[] Board = [new(null, 5), new(ForumRole.Parent, 3), new(ForumRole.Officer, 1)];

    static ForumRole[] People(int parents, int officers, int partners) => [.. Enumerable.Repeat(ForumRole.Parent, parents), .. Enumerable.Repeat(ForumRole.Officer, officers), .. Enumerable.Repeat(ForumRole.Partner, partners)];

    [Theory]
    [InlineData(3, 1, 1, true)]
    [InlineData(3, 2, 0, true)]
    [InlineData(5, 0, 0, false)] // no officer
    [InlineData(2, 1, 9, false)] // a parent too few
    [InlineData(3, 1, 0, false)] // one too few in all
    [InlineData(0, 0, 0, false)]
    public void IsMet_EachRuleMustBe(int parents, int officers, int partners, bool met) => Assert.Equal(met, Quorum.IsMet(Quorum.Of(Board, People(parents, officers, partners))));

    [Fact]
    public void Of_CountsEachRoleForItselfAndEverybodyTowardsAnyone() =>
        Assert.Equal([5, 3, 1], Quorum.Of(Board, People(3, 1, 1)).Select(p => p.Present));

    [Fact]
    public void IsMet_NothingIsAskedFor_IsNeitherMetNorNot() => Assert.Null(Quorum.IsMet(Quorum.Of([], People(9, 9, 9))));

    [Fact]
    public void Words_SayWhoAndHowMany() => Assert.Equal(["People in all: 5 of at least 5", "Parents: 3 of at least 3", "Local authority officers: 1 of at least 1"], Quorum.Of(Board, People(3, 1, 1)).Select(p => p.Words));
}
