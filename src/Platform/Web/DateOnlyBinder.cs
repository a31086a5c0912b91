using System.Globalization;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Cpd.Platform.Web;

/// <summary>
/// Binds a date from three fields ({name}.Day, .Month, .Year) or from one ISO value ({name}=2026-06-03, for addresses).
/// Nothing typed is null and no error: whether a date is needed is the validator's business.
/// </summary>
public sealed class DateOnlyBinder : IModelBinder {
    public Task BindModelAsync(ModelBindingContext bindingContext) {
        ArgumentNullException.ThrowIfNull(bindingContext);
        var name = bindingContext.ModelName;
        var state = bindingContext.ModelState;
        string?[] typed = [Read(".Day"), Read(".Month"), Read(".Year")];

        DateParts parts;
        if (typed.All(part => part is null)) {
            var whole = bindingContext.ValueProvider.GetValue(name);
            if (whole == ValueProviderResult.None) return Task.CompletedTask;
            state.SetModelValue(name, whole);
            parts = DateParts.FromIso(whole.FirstValue);
        } else {
            parts = DateParts.From(typed[0], typed[1], typed[2]);
        }

        if (parts.Problem is not null) {
            state.TryAddModelError(name, $"{FieldWords.Of(bindingContext.ModelMetadata)} {parts.Problem}");
            bindingContext.Result = ModelBindingResult.Failed();
        } else if (parts.Date is not null || bindingContext.ModelMetadata.IsReferenceOrNullableType) {
            bindingContext.Result = ModelBindingResult.Success(parts.Date);
        }
        return Task.CompletedTask;

        string? Read(string part) {
            var key = name + part;
            var value = bindingContext.ValueProvider.GetValue(key);
            if (value == ValueProviderResult.None) return null;
            state.SetModelValue(key, value);
            // No property stands behind a part, so nothing would validate it, and one unvalidated entry makes the whole form invalid.
            state.MarkFieldSkipped(key);
            return value.FirstValue ?? "";
        }
    }
}

/// <summary>A date as typed in three fields, and what is wrong with it.</summary>
internal sealed record DateParts(DateOnly? Date, string? Problem, bool DayWrong, bool MonthWrong, bool YearWrong) {
    static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    static readonly string[] LongMonths = CultureInfo.InvariantCulture.DateTimeFormat.MonthNames;
    const string NotReal = "must be a real date";

    internal static DateParts FromIso(string? text) {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text)) return Fine(null);
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? Fine(date)
            : new(null, NotReal, true, true, true);
    }

    // The order is the design system's: what is missing, then what cannot be true, then how the year is written.
    internal static DateParts From(string? day, string? month, string? year) {
        (day, month, year) = (Clean(day), Clean(month), Clean(year));
        bool noDay = day.Length == 0, noMonth = month.Length == 0, noYear = year.Length == 0;
        if (noDay && noMonth && noYear) return Fine(null);
        if (noDay || noMonth || noYear) {
            var missing = new[] { noDay ? "day" : "", noMonth ? "month" : "", noYear ? "year" : "" }.Where(x => x.Length > 0);
            return new(null, $"must include a {string.Join(" and ", missing)}", noDay, noMonth, noYear);
        }

        var dayNumber = Number(day) is { } d and >= 1 and <= 31 ? d : 0;
        var monthNumber = MonthOf(month);
        if (dayNumber == 0 || monthNumber == 0) return new(null, NotReal, dayNumber == 0, monthNumber == 0, false);
        if (year.Length != 4 || Number(year) is not { } yearNumber || yearNumber == 0) return new(null, "must include a year with 4 numbers", false, false, true);
        if (dayNumber > DateTime.DaysInMonth(yearNumber, monthNumber)) return new(null, NotReal, true, true, true);
        return Fine(new DateOnly(yearNumber, monthNumber, dayNumber));
    }

    static DateParts Fine(DateOnly? date) => new(date, null, false, false, false);

    static string Clean(string? text) => string.Concat((text ?? "").Where(c => !char.IsWhiteSpace(c)));

    static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    static int MonthOf(string text) {
        if (Number(text) is { } number) return number is >= 1 and <= 12 ? number : 0;
        text = text.TrimEnd('.');
        for (var i = 0; i < 12; i++) {
            if (text.Equals(Months[i], StringComparison.OrdinalIgnoreCase)
                || text.Equals(LongMonths[i], StringComparison.OrdinalIgnoreCase)
                || (i == 8 && text.Equals("sept", StringComparison.OrdinalIgnoreCase))) return i + 1;
        }
        return 0;
    }
}
