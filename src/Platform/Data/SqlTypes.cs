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
            SqlMapper.AddTypeHandler(new GuidHandler());
            SqlMapper.AddTypeHandler(new UtcHandler());
            SqlMapper.AddTypeHandler(new DateHandler());
        }
    }

    public static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    sealed class GuidHandler : SqlMapper.TypeHandler<Guid>, SqlMapper.ITypeHandler {
        // A missing id is typed too: SQL Server takes an untyped null for text and will not put text into BINARY(16).
        void SqlMapper.ITypeHandler.SetValue(IDbDataParameter parameter, object value) {
            if (value is Guid id) {
                SetValue(parameter, id);
            } else {
                parameter.DbType = DbType.Binary;
                parameter.Value = DBNull.Value;
            }
        }
        public override void SetValue(IDbDataParameter parameter, Guid value) {
            parameter.DbType = DbType.Binary;
            parameter.Size = 16;
            parameter.Value = Bytes(value);
        }
        public override Guid Parse(object value) => value is Guid id ? id : new Guid((byte[])value, bigEndian: true);
    }

    sealed class UtcHandler : SqlMapper.TypeHandler<DateTime> {
        public override void SetValue(IDbDataParameter parameter, DateTime value) {
            if (value.Kind == DateTimeKind.Local) throw new InvalidOperationException("Times are stored in UTC.");
            // DateTime2, not DateTime: the legacy type rounds to 3 ms.
            parameter.DbType = DbType.DateTime2;
            parameter.Value = new DateTime(value.Ticks - value.Ticks % TimeSpan.TicksPerMillisecond, DateTimeKind.Unspecified);
        }
        public override DateTime Parse(object value) => DateTime.SpecifyKind(
            value is DateTime time ? time : DateTime.Parse((string)value, CultureInfo.InvariantCulture), DateTimeKind.Utc);
    }

    sealed class DateHandler : SqlMapper.TypeHandler<DateOnly> {
        public override void SetValue(IDbDataParameter parameter, DateOnly value) {
            parameter.DbType = DbType.Date;
            parameter.Value = value;
        }
        public override DateOnly Parse(object value) => value switch {
            DateOnly day => day,
            DateTime time => DateOnly.FromDateTime(time),
            _ => DateOnly.Parse((string)value, CultureInfo.InvariantCulture),
        };
    }
}
