#pragma warning disable // The names and shapes are those of the assembly this one stands in for.
namespace Microsoft.SqlServer.Server;

// Stands in for the package Microsoft.SqlServer.Server, which the registry does not serve.
// Microsoft.Data.SqlClient looks these five types up whenever it infers the type of a parameter;
// without them every parameterised command fails. CLR user-defined types are not supported.
// See docs/adr/0006-sqlclient-with-a-stand-in.md: delete this project where the package is served.

public enum Format { Unknown = 0, Native = 1, UserDefined = 2 }

public interface IBinarySerialize {
    void Read(System.IO.BinaryReader r);
    void Write(System.IO.BinaryWriter w);
}

public sealed class InvalidUdtException : System.SystemException {
    internal InvalidUdtException(string message) : base(message) { }
    public static InvalidUdtException Create(System.Type udtType, string resourceReason) =>
        new($"'{udtType.FullName}' is an invalid user defined type, reason: {resourceReason}.");
}

[System.AttributeUsage(System.AttributeTargets.Class | System.AttributeTargets.Struct, Inherited = true)]
public sealed class SqlUserDefinedTypeAttribute(Format format) : System.Attribute {
    public Format Format { get; } = format;
    public int MaxByteSize { get; set; }
    public bool IsFixedLength { get; set; }
    public bool IsByteOrdered { get; set; }
    public string ValidationMethodName { get; set; }
    public string Name { get; set; }
}

[System.AttributeUsage(System.AttributeTargets.Field | System.AttributeTargets.Property | System.AttributeTargets.ReturnValue | System.AttributeTargets.Parameter)]
public class SqlFacetAttribute : System.Attribute {
    public bool IsFixedLength { get; set; }
    public int MaxSize { get; set; }
    public int Precision { get; set; }
    public int Scale { get; set; }
    public bool IsNullable { get; set; }
}
