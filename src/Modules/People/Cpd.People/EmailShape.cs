namespace Cpd.People;

/// <summary>What can be an email address: something, an @, a host with a dot, no spaces. Whether it is one only a message can tell.</summary>
internal static class EmailShape {
    internal const string Pattern = @"^\s*[^@\s\p{C}<>,;]+@[^@\s\p{C}<>,;]+\.[^@\s\p{C}<>,;.]+\s*\z";
}
