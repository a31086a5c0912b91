using FluentValidation;

namespace Cpd.Accreditation.Exports;

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
