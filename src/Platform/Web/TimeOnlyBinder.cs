using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Cpd.Platform.Web;

/// <summary>
/// Binds a time of day as people write it: "9:30am", "9.30 am", "09:30", "2pm", "midday". Nothing typed is null and no error.
/// A bare "9" is refused, because nothing says which half of the day it means.
/// </summary>
public sealed partial class TimeOnlyBinder : IModelBinder {
    public Task BindModelAsync(ModelBindingContext bindingContext) {
        ArgumentNullException.ThrowIfNull(bindingContext);
        var name = bindingContext.ModelName;
        var value = bindingContext.ValueProvider.GetValue(name);
        if (value == ValueProviderResult.None) return Task.CompletedTask;
        bindingContext.ModelState.SetModelValue(name, value);

        if (string.IsNullOrWhiteSpace(value.FirstValue)) {
            if (bindingContext.ModelMetadata.IsReferenceOrNullableType) bindingContext.Result = ModelBindingResult.Success(null);
        } else if (Parse(value.FirstValue) is { } time) {
            bindingContext.Result = ModelBindingResult.Success(time);
        } else {
            bindingContext.ModelState.TryAddModelError(name,
                $"{FieldWords.Of(bindingContext.ModelMetadata)} must be a time, like 9:30am");
            bindingContext.Result = ModelBindingResult.Failed();
        }
        return Task.CompletedTask;
    }

    /// <summary>The time that the text means; null when it means none.</summary>
    internal static TimeOnly? Parse(string text) {
        text = string.Concat(text.Where(c => !char.IsWhiteSpace(c))).ToLowerInvariant();
        if (text is "midday" or "noon" or "12midday" or "12noon") return new TimeOnly(12, 0);
        if (text is "midnight" or "12midnight") return TimeOnly.MinValue;
        if (Written().Match(text) is not { Success: true } match) return null;

        var hour = int.Parse(match.Groups["hour"].ValueSpan, CultureInfo.InvariantCulture);
        var minute = match.Groups["minute"] is { Success: true } m ? int.Parse(m.ValueSpan, CultureInfo.InvariantCulture) : 0;
        var half = match.Groups["half"].Value;
        if (half.Length == 0 && !match.Groups["minute"].Success) return null;
        if (minute > 59) return null;
        if (half.Length == 0) return hour <= 23 ? new TimeOnly(hour, minute) : null;
        if (hour is < 1 or > 12) return null;
        return new TimeOnly((hour % 12) + (half[0] == 'p' ? 12 : 0), minute);
    }

    /// <summary>How the service writes a time: "9:30am", "2pm".</summary>
    internal static string Write(TimeOnly time) =>
        time.ToString(time.Minute == 0 ? "%h" : "h:mm", CultureInfo.InvariantCulture) + (time.Hour < 12 ? "am" : "pm");

    [GeneratedRegex("^(?<hour>[0-9]{1,2})(?:[:.]?(?<minute>[0-9]{2})(?::00)?)?(?<half>[ap]\\.?m\\.?)?$")]
    private static partial Regex Written();
}
