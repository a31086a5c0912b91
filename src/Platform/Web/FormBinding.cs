using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;

namespace Cpd.Platform.Web;

/// <summary>How typed text becomes values, and in which words a form says that it could not.</summary>
public static class FormBinding {
    /// <summary>Adds the date and time binders, and the design system's wording for values of the wrong type.</summary>
    public static MvcOptions UseFormBinding(this MvcOptions options) {
        ArgumentNullException.ThrowIfNull(options);
        // First, because the framework's own provider would take dates and times as one value.
        options.ModelBinderProviders.Insert(0, new DateAndTimeBinderProvider());
        options.ModelMetadataDetailsProviders.Add(new BlankStaysText());
        var words = options.ModelBindingMessageProvider;
        words.SetAttemptedValueIsInvalidAccessor((_, name) => $"{FieldWords.Split(name)} is not valid");
        words.SetUnknownValueIsInvalidAccessor(name => $"{FieldWords.Split(name)} is not valid");
        words.SetValueMustNotBeNullAccessor(_ => "Enter a value");
        words.SetMissingBindRequiredValueAccessor(name => $"{FieldWords.Split(name)} is missing");
        words.SetValueMustBeANumberAccessor(name => $"{FieldWords.Split(name)} must be a number");
        options.Filters.Add<KnownMethodsOnly>();
        // Validators say what is missing, in the form's own words.
        options.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;
        return options;
    }
}

/// <summary>
/// Answers 405 to a method that a page has no handler for. Razor Pages would otherwise run the page's view without having loaded
/// what it shows.
/// </summary>
sealed class KnownMethodsOnly : IPageFilter {
    public void OnPageHandlerSelected(PageHandlerSelectedContext context) { }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context) {
        if (context.HandlerMethod is null && !HttpMethods.IsGet(context.HttpContext.Request.Method) && !HttpMethods.IsHead(context.HttpContext.Request.Method))
            context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context) { }
}

/// <summary>Gives a handler's parameter that can't be null the text that was sent: the framework makes null of a part of an address that is only a space.</summary>
sealed class BlankStaysText : IDisplayMetadataProvider {
    public void CreateDisplayMetadata(DisplayMetadataProviderContext context) {
        if (context.Key is { MetadataKind: ModelMetadataKind.Parameter, ParameterInfo: { } parameter } && parameter.ParameterType == typeof(string)
            && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.NotNull) context.DisplayMetadata.ConvertEmptyStringToNull = false;
    }
}

/// <summary>Offers <see cref="DateOnlyBinder"/> and <see cref="TimeOnlyBinder"/> for dates and times, nullable or not.</summary>
public sealed class DateAndTimeBinderProvider : IModelBinderProvider {
    public IModelBinder? GetBinder(ModelBinderProviderContext context) {
        ArgumentNullException.ThrowIfNull(context);
        var type = context.Metadata.UnderlyingOrModelType;
        return type == typeof(DateOnly) ? new DateOnlyBinder() : type == typeof(TimeOnly) ? new TimeOnlyBinder() : null;
    }
}

/// <summary>Keeps model binding, and <see cref="Once"/>, away from the form of a request, which would read it to its end: the page reads it as it arrives.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LeaveFormUnreadAttribute : Attribute, IResourceFilter {
    public void OnResourceExecuting(ResourceExecutingContext context) {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var kind in (Type[])[typeof(FormValueProviderFactory), typeof(FormFileValueProviderFactory), typeof(JQueryFormValueProviderFactory)])
            foreach (var factory in context.ValueProviderFactories.Where(f => f.GetType() == kind).ToList()) context.ValueProviderFactories.Remove(factory);
    }

    public void OnResourceExecuted(ResourceExecutedContext context) { }
}
