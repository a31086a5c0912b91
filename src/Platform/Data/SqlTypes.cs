using System.Data;
using System.Globalization;
using Dapper;

namespace Cpd.Platform.Data;

/// <summary>How .NET values become columns, the same on both engines: keys as BINARY(16) in big-endian order, times as UTC cut to milliseconds, days as DATE.</summary>
static class SqlTypes {
    static readonly Lock Once = new();
    static bool registered;

    /// <summary>Dapper keeps its type map in a static, so this is done once a process.</summary>
    public static void Register() {
        lock (Once) {
            if (registered) return;
            registered = true;
            foreach (var type in (Type[])[typeof(Guid), typeof(Guid?), typeof(DateTime), typeof(DateTime?), typeof(DateOnly), typeof(DateOnly?)])
                SqlMapper.RemoveTypeMap(type);
            // Lists of 11 and of 17 ids are then one statement to a server that keeps plans by their text.
            SqlMapper.Settings.PadListExpansions = true;
            SqlMapper.AddTypeHandler(new GuidHandler());
            SqlMapper.AddTypeHandler(new UtcHandler());
            SqlMapper.AddTypeHandler(new DateHandler());
        }
    }

    public static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    /// <summary>A missing value is typed as a present one is: SQL Server takes an untyped null for text and will not put text into BINARY(16).</summary>
    abstract class Handler<T>(DbType type) : SqlMapper.TypeHandler<T>, SqlMapper.ITypeHandler {
        void SqlMapper.ITypeHandler.SetValue(IDbDataParameter parameter, object value) {
            parameter.DbType = type;
            if (value is T known) SetValue(parameter, known); else parameter.Value = DBNull.Value;
        }
    }

    sealed class GuidHandler() : Handler<Guid>(DbType.Binary) {
        public override void SetValue(IDbDataParameter parameter, Guid value) {
            parameter.Size = 16;
            parameter.Value = Bytes(value);
        }
        public override Guid Parse(object value) => value is Guid id ? id : new Guid((byte[])value, bigEndian: true);
    }

    // DateTime2, not DateTime: the legacy type rounds to 3 ms.
    sealed class UtcHandler() : Handler<DateTime>(DbType.DateTime2) {
        public override void SetValue(IDbDataParameter parameter, DateTime value) {
            if (value.Kind == DateTimeKind.Local) throw new InvalidOperationException("Times are stored in UTC.");
            parameter.Value = new DateTime(value.Ticks - value.Ticks % TimeSpan.TicksPerMillisecond, DateTimeKind.Unspecified);
        }
        public override DateTime Parse(object value) => DateTime.SpecifyKind(
            value is DateTime time ? time : DateTime.Parse((string)value, CultureInfo.InvariantCulture), DateTimeKind.Utc);
    }

    sealed class DateHandler() : Handler<DateOnly>(DbType.Date) {
        public override void SetValue(IDbDataParameter parameter, DateOnly value) => parameter.Value = value;
        public override DateOnly Parse(object value) => value switch {
            DateOnly day => day,
            DateTime time => DateOnly.FromDateTime(time),
            _ => DateOnly.Parse((string)value, CultureInfo.InvariantCulture),
        };
    }
}
