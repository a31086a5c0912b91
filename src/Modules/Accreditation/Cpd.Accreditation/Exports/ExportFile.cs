using Cpd.Platform.Web;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Accreditation.Exports;

/// <summary>A column of a file for spreadsheets: its heading, and how a row fills it.</summary>
internal sealed record Column<T>(string Heading, Action<CsvWriter, T> Write);

/// <summary>
/// Records on their way out, as a page's or an endpoint's answer: written row by row while they are read, so that no export is ever
/// held whole. JSON is one array of objects.
/// </summary>
/// <param name="Name">Of the file, without its ending.</param>
internal sealed record ExportFile<T>(string Name, string Format, IReadOnlyList<Column<T>> Columns, IAsyncEnumerable<T> Rows) : IActionResult, IResult {
    public Task ExecuteResultAsync(ActionContext context) => ExecuteAsync(context.HttpContext);

    public async Task ExecuteAsync(HttpContext httpContext) {
        var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
        response.Headers.ContentDisposition = $"attachment; filename=\"{Name}.{Format}\"";
        if (Format == ExportPeriod.Json) {
            await response.WriteAsJsonAsync(Rows, ct);
            return;
        }
        response.ContentType = "text/csv; charset=utf-8";
        await using var csv = new CsvWriter(response.BodyWriter);
        await csv.RowAsync(Columns.Select(c => c.Heading), ct);
        await foreach (var row in Rows.WithCancellation(ct)) {
            foreach (var column in Columns) column.Write(csv, row);
            await csv.EndRowAsync(ct);
        }
    }
}

/// <summary>What every export asks for: days from one to another, both included, and csv or json.</summary>
internal interface IExport {
    DateOnly? From { get; }
    DateOnly? To { get; }
    string? Format { get; }
}

internal static class ExportPeriod {
    internal const string Csv = "csv";
    internal const string Json = "json";
    internal const int MostYears = 10;

    internal static string FileName(string what, DateOnly from, DateOnly to) => $"{what}-{from:yyyy-MM-dd}-to-{to:yyyy-MM-dd}";
}

internal abstract class ExportRules<T> : AbstractValidator<T> where T : IExport {
    protected ExportRules() {
        RuleFor(e => e.From).NotNull().WithMessage("Enter the first day");
        RuleFor(e => e.To).Cascade(CascadeMode.Stop).NotNull().WithMessage("Enter the last day")
            .Must((e, to) => e.From is null || to >= e.From).WithMessage("The last day must be the same as or after the first day")
            .Must((e, to) => e.From is null || e.From.Value.Year + ExportPeriod.MostYears >= DateOnly.MaxValue.Year || to < e.From.Value.AddYears(ExportPeriod.MostYears))
            .WithMessage($"The last day must be less than {ExportPeriod.MostYears} years after the first day");
        RuleFor(e => e.Format).Must(f => f is ExportPeriod.Csv or ExportPeriod.Json).WithMessage("Select csv or json");
    }
}
