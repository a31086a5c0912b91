using Cpd.Training;

namespace Cpd.Tests.Training;

public sealed class WordKeyTests {
    [Theory]
    [InlineData("Babbling  Babies: Zoë’s course", " babbling babies zoes course")]
    [InlineData("50% off_now", " 50 off now")]
    [InlineData("", "")]
    public void WordKey_Of_HasASpaceBeforeEachWord(string text, string key) => Assert.Equal(key, WordKey.Of(text));
}
