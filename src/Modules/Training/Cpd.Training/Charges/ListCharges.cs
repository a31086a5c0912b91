using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Charges;

/// <summary>The charges for late cancellations and missed sessions: for officers those at sessions of their authority, for managers those of their setting. Latest first, or as a file for finance.</summary>
internal static class ListCharges {
    /// <param name="From">The first day on which the charge was made; null for all.</param>
    /// <param name="To">The last day.</param>
    internal sealed record Filter(DateOnly? From, DateOnly? To, ChargeState? State);

    internal sealed record Query(Filter Filter, Paging Paging) : IRequest<Outcome<Found>>;
    internal sealed record OneQuery(Guid Id) : IRequest<Outcome<View>>;
    internal sealed record FileQuery(Filter Filter) : IRequest<Outcome<ChargeFile>>;

    /// <param name="DuePence">What is due, over all pages.</param>
    internal sealed record Found(PageOf<View> Charges, long DuePence);

    internal sealed record View(Guid Id, Guid BookingId, string Reference, string SettingName, string SettingUrn, string PersonName, string CourseTitle, DateTime StartsAt, ChargeKind Kind, int Pence, ChargeState State, DateTime MadeAt, string Reason, bool MayWaive);

    internal sealed class Validator : AbstractValidator<Query> {
        public Validator() => RuleFor(q => q.Filter).SetValidator(new FilterValidator());
    }

    internal sealed class FileValidator : AbstractValidator<FileQuery> {
        public FileValidator() => RuleFor(q => q.Filter).SetValidator(new FilterValidator());
    }

    sealed class FilterValidator : AbstractValidator<Filter> {
        public FilterValidator() => RuleFor(f => f.To).Must((f, to) => f.From is null || to is null || to >= f.From).WithMessage("The last day must be the same as or after the first day");
    }

    const string Scoped = """
        FROM training_Charge c
        JOIN training_Booking b ON b.Id = c.BookingId
        JOIN training_Session s ON s.Id = c.SessionId
        JOIN training_Course k ON k.Id = s.CourseId
        WHERE (@All = 1 OR c.AuthorityId IN @Authorities OR c.SettingId IN @Settings)

        """;
    const string Filtered = Scoped + """
          AND (@From IS NULL OR c.MadeAt >= @From) AND (@To IS NULL OR c.MadeAt < @To) AND (@State IS NULL OR c.State = @State)

        """;
    const string Columns = "SELECT c.Id, c.BookingId, c.AuthorityId, c.SettingId, c.PersonId, c.Kind, c.Pence, c.State, c.MadeAt, c.Reason, b.Reference, s.StartsAt, k.Title\n";

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<Found>>, IRequestHandler<OneQuery, Outcome<View>>, IRequestHandler<FileQuery, Outcome<ChargeFile>> {
        const string Count = "SELECT COUNT(*) AS Charges, COALESCE(SUM(CAST(CASE WHEN c.State = 'Due' THEN c.Pence ELSE 0 END AS BIGINT)), 0) AS DuePence\n" + Filtered;
        const string Select = Columns + Filtered + "ORDER BY c.MadeAt DESC, c.Id";
        const string SelectOne = Columns + Scoped + "AND c.Id = @Id";
        // In the order in which they were made, each part after the last of the one before: what is added meanwhile comes last.
        const string SelectPart = Columns + Filtered + "AND (c.MadeAt > @AfterAt OR (c.MadeAt = @AfterAt AND c.Id > @AfterId))\nORDER BY c.MadeAt, c.Id";

        public async Task<Outcome<Found>> Handle(Query request, CancellationToken cancellationToken) {
            var args = Args(request.Filter);
            var total = (await db.One<Totals>(Count, args, cancellationToken))!;
            var paging = request.Paging.Skip < total.Charges ? request.Paging : new Paging(1);
            var rows = await db.List<Row>(db.Page(Select), Db.Args(args, new { paging.Skip, paging.Take }), cancellationToken);
            return new Found(new(await Views(rows, cancellationToken), total.Charges, paging), total.DuePence);
        }

        public async Task<Outcome<View>> Handle(OneQuery request, CancellationToken cancellationToken) {
            var row = await db.One<Row>(SelectOne, Db.Args(Scope(), new { request.Id }), cancellationToken);
            return row is null ? Outcome.NotFound : (await Views([row], cancellationToken))[0];
        }

        public Task<Outcome<ChargeFile>> Handle(FileQuery request, CancellationToken cancellationToken) => Task.FromResult<Outcome<ChargeFile>>(new ChargeFile(Parts(request.Filter, cancellationToken)));

        async IAsyncEnumerable<View> Parts(Filter filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct) {
            var args = Args(filter);
            for (var (at, id) = (DateTime.UnixEpoch, Guid.Empty); ;) {
                var rows = await db.List<Row>(db.Page(SelectPart), Db.Args(args, new { AfterAt = at, AfterId = id, Skip = 0, Take = 500 }), ct);
                foreach (var view in await Views(rows, ct)) yield return view;
                if (rows.Count < 500) yield break;
                (at, id) = (rows[^1].MadeAt, rows[^1].Id);
            }
        }

        object Scope() {
            var reach = me.Reach(TrainingPermissions.SeeCharges);
            return new { All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Settings = db.Ids(reach.Settings) };
        }

        object Args(Filter filter) => Db.Args(Scope(), new {
            From = filter.From is { } from ? London.StartOf(from) : (DateTime?)null, To = filter.To is { } to ? London.StartOf(to.AddDays(1)) : (DateTime?)null, State = filter.State?.ToString(),
        });

        async Task<IReadOnlyList<View>> Views(IReadOnlyList<Row> rows, CancellationToken ct) {
            if (rows.Count == 0) return [];
            var waive = me.Reach(TrainingPermissions.WaiveCharges);
            var names = (await mediator.Send(new FindPeople([.. rows.Select(r => r.PersonId).Distinct()]), ct)).ToDictionary(p => p.Id, p => p.Name);
            var settings = (await mediator.Send(new FindSettings([.. rows.Select(r => r.SettingId).OfType<Guid>().Distinct()]), ct)).ToDictionary(s => s.Id);
            return [.. rows.Select(r => {
                var setting = settings.GetValueOrDefault(r.SettingId ?? Guid.Empty);
                return new View(r.Id, r.BookingId, r.Reference, setting?.Name ?? "", setting?.Urn ?? "", names.GetValueOrDefault(r.PersonId, ""), r.Title, r.StartsAt, r.Kind, r.Pence, r.State, r.MadeAt, r.Reason,
                    r.State == ChargeState.Due && (waive.All || waive.Authorities.Contains(r.AuthorityId)));
            })];
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/charges", async (DateOnly? from, DateOnly? to, ChargeState? state, int? page, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(new(from, to, state), new Paging(page ?? 1)), ct)).ToHttp())
        .WithName("ListCharges").WithSummary("Charges for late cancellations and missed sessions, latest first, 20 a page; by the days on which they were made (both included) and by state: Due, Waived or Lapsed. Amounts are in pence.")
        .Produces<Found>().ProducesValidationProblem()
        .Requires(TrainingPermissions.SeeCharges);

    sealed record Totals {
        public int Charges { get; init; }
        public long DuePence { get; init; }
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Guid BookingId { get; init; }
        public Guid AuthorityId { get; init; }
        public Guid? SettingId { get; init; }
        public Guid PersonId { get; init; }
        public ChargeKind Kind { get; init; }
        public int Pence { get; init; }
        public ChargeState State { get; init; }
        public DateTime MadeAt { get; init; }
        public string Reason { get; init; } = "";
        public string Reference { get; init; } = "";
        public DateTime StartsAt { get; init; }
        public string Title { get; init; } = "";
    }
}

/// <summary>The charges as a file for finance, as a page's answer: written while they are read, so that the list is never held whole. Amounts are in pence.</summary>
internal sealed record ChargeFile(IAsyncEnumerable<ListCharges.View> Charges) : IActionResult {
    static readonly string[] Headings = ["Reference", "Setting", "URN", "Person", "Course", "Session on", "What for", "Amount in pence", "State", "Made on", "Reason"];

    public async Task ExecuteResultAsync(ActionContext context) {
        var (response, ct) = (context.HttpContext.Response, context.HttpContext.RequestAborted);
        response.Headers.ContentDisposition = "attachment; filename=\"charges.csv\"";
        response.ContentType = "text/csv; charset=utf-8";
        await using var csv = new CsvWriter(response.BodyWriter);
        await csv.RowAsync(Headings, ct);
        await foreach (var c in Charges.WithCancellation(ct)) {
            csv.Text(c.Reference).Text(c.SettingName).Text(c.SettingUrn).Text(c.PersonName).Text(c.CourseTitle).Date(London.Day(c.StartsAt)).Text(TrainingWording.Of(c.Kind)).Number(c.Pence)
                .Text(c.State.ToString()).Date(London.Day(c.MadeAt)).Text(c.Reason);
            await csv.EndRowAsync(ct);
        }
    }
}
