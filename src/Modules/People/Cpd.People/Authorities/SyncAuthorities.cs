using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;

namespace Cpd.People.Authorities;

/// <summary>At every start the table of local authorities is brought into line with the reference list of this version: new ones are added with England's bank holidays as their closed days, changed ones corrected, none removed.</summary>
internal static class SyncAuthorities {
    internal sealed record Command : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string SelectAll = "SELECT OnsCode, DfeNumber, Name, OfficialName, Kind, Region, FromOn, ToOn FROM people_Authority";
        const string Insert = """
            INSERT INTO people_Authority (Id, OnsCode, DfeNumber, Name, OfficialName, Kind, Region, FromOn, ToOn)
            VALUES (@Id, @OnsCode, @DfeNumber, @Name, @OfficialName, @Kind, @Region, @FromOn, @ToOn)
            """;
        const string InsertClosedDay = "INSERT INTO people_ClosedDay (Id, AuthorityId, ClosedOn, Label) VALUES (@Id, @AuthorityId, @ClosedOn, @Label)";
        const string Update = """
            UPDATE people_Authority
            SET DfeNumber = @DfeNumber, Name = @Name, OfficialName = @OfficialName, Kind = @Kind, Region = @Region, FromOn = @FromOn, ToOn = @ToOn
            WHERE OnsCode = @OnsCode
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var stored = (await db.List<Row>(SelectAll, null, cancellationToken)).ToDictionary(r => r.OnsCode);
            var listed = Reference.Authorities.Select(a => new Row {
                OnsCode = a.OnsCode, DfeNumber = a.DfeNumber, Name = a.Name, OfficialName = a.OfficialName, Kind = a.Kind.ToString(), Region = a.Region, FromOn = a.From, ToOn = a.To,
            }).ToList();
            var added = listed.Where(a => !stored.ContainsKey(a.OnsCode)).Select(a => new {
                Id = Ids.New(clock), a.OnsCode, a.DfeNumber, a.Name, a.OfficialName, a.Kind, a.Region, a.FromOn, a.ToOn,
            }).ToList();
            var changed = listed.Where(a => stored.TryGetValue(a.OnsCode, out var old) && old != a).ToList();
            if (added.Count > 0) {
                await db.Execute(Insert, added, cancellationToken);
                // From here on they are the authority's own: what it removes does not come back.
                await db.Execute(InsertClosedDay, added.SelectMany(a => Reference.BankHolidays.Select(h => new { Id = Ids.New(clock), AuthorityId = a.Id, ClosedOn = h.Date, Label = h.Name })).ToList(), cancellationToken);
            }
            if (changed.Count > 0) await db.Execute(Update, changed, cancellationToken);
            return Outcome.Done;
        }

        sealed record Row {
            public string OnsCode { get; init; } = "";
            public string DfeNumber { get; init; } = "";
            public string Name { get; init; } = "";
            public string OfficialName { get; init; } = "";
            public string Kind { get; init; } = "";
            public string Region { get; init; } = "";
            public DateOnly? FromOn { get; init; }
            public DateOnly? ToOn { get; init; }
        }
    }
}
