using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Data.SqlClient;

namespace Cpd.Tests.Platform;

/// <summary>The SQL Server client works with the stand-in for the package it lacks (docs/adr/0006).</summary>
public sealed class SqlServerClientTests(CpdApp app) : IClassFixture<CpdApp> {
    [Fact]
    public void SqlParameter_TypeIsInferred_FindsTheStandIn() {
        Assert.Equal(System.Data.DbType.Int32, new SqlParameter("@x", 5).DbType);
        Assert.Equal(System.Data.SqlDbType.VarBinary, new SqlParameter("@x", new byte[16]).SqlDbType);
    }

    [Fact]
    public void EveryMethod_Compiles_WithNoAssemblyMissing() {
        var missing = new List<string>();
        var methods = 0;
        foreach (var type in typeof(SqlConnection).Assembly.GetTypes().Where(t => !t.ContainsGenericParameters && !typeof(Delegate).IsAssignableFrom(t)))
            foreach (var method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Where(m => !m.IsAbstract && !m.ContainsGenericParameters)) {
                try {
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
                    methods++;
                } catch (FileNotFoundException e) {
                    missing.Add($"{type.FullName}.{method.Name}: {e.FileName}");
                } catch (Exception e) when (e is PlatformNotSupportedException or TypeLoadException or BadImageFormatException or ArgumentException) {
                    // Not of this platform; nothing to do with the stand-in.
                }
            }
        Assert.True(methods > 5000, $"only {methods} methods were compiled");
        Assert.Empty(missing);
    }

    [Fact]
    public async Task Open_ServerIsNotThere_SaysSo() {
        await using var connection = new SqlConnection("Server=127.0.0.1,1;Connect Timeout=1;Encrypt=False;User Id=x;Password=x");
        await Assert.ThrowsAsync<SqlException>(() => connection.OpenAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void MissingId_IsSentAsBinary() {
        _ = app.Services;
#pragma warning disable CS0618 // What Dapper itself calls for a property of type Guid? that is null.
        var parameter = new SqlParameter();
        typeof(Dapper.SqlMapper.TypeHandlerCache<>).MakeGenericType(typeof(Guid?)).GetMethod("SetValue", [typeof(System.Data.IDbDataParameter), typeof(object)])!.Invoke(null, [parameter, DBNull.Value]);
#pragma warning restore CS0618
        Assert.Equal(System.Data.SqlDbType.VarBinary, parameter.SqlDbType);
    }
}
