using Microsoft.AspNetCore.Mvc;

namespace Cpd.Platform.Web;

/// <summary>How forms are read: the design system's words where something typed can't be read at all.</summary>
public static class PageForms {
    public static void Configure(MvcOptions options) {
        var messages = options.ModelBindingMessageProvider;
        messages.SetAttemptedValueIsInvalidAccessor((value, field) => $"{field} can't be '{value}'");
        messages.SetNonPropertyAttemptedValueIsInvalidAccessor(value => $"'{value}' can't be read");
        messages.SetValueMustBeANumberAccessor(field => $"{field} must be a number, like 20");
        messages.SetValueMustNotBeNullAccessor(_ => "Enter a value");
        messages.SetMissingBindRequiredValueAccessor(_ => "Enter a value");
        // Validators say what is missing, in the form's own words.
        options.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;
    }
}
