using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Cpd.Platform.Web.TagHelpers;

namespace Cpd.Tests.Platform;

/// <summary>A form as the framework sees it, without a server: metadata, model state, one request.</summary>
internal sealed class FormFixture {
    internal sealed class Form {
        [Display(Name = "Course title")]
        public string? Title { get; set; }
        public DateOnly? StartsOn { get; set; }
        public TimeOnly? StartsAt { get; set; }
        public string? Password { get; set; }
        public bool Agreed { get; set; }
        public List<string>? Ages { get; set; }
    }

    static readonly IModelMetadataProvider Metadata = new ServiceCollection().AddLogging().AddMvcCore().AddDataAnnotations()
        .Services.BuildServiceProvider().GetRequiredService<IModelMetadataProvider>();

    internal ModelStateDictionary State { get; } = new();
    internal DefaultHttpContext Http { get; } = new();

    internal async Task<ModelBindingResult> Bind(IModelBinder binder, string property, params (string Key, string Value)[] sent) {
        var values = new FormValueProvider(BindingSource.Form,
            new FormCollection(sent.ToDictionary(pair => pair.Key, pair => new StringValues(pair.Value))), CultureInfo.InvariantCulture);
        var context = DefaultModelBindingContext.CreateBindingContext(
            new ActionContext(Http, new(), new(), State), values, Metadata.GetMetadataForProperty(typeof(Form), property), null, property);
        await binder.BindModelAsync(context);
        return context.Result;
    }

    internal string? Error(string key) => State[key]?.Errors.FirstOrDefault()?.ErrorMessage;

    internal void Type(string key, params string[] values) =>
        State.SetModelValue(key, values.Length == 1 ? values[0] : values, string.Join(',', values));

    internal static TagHelperOutput Process(TagHelper helper, params TagHelperAttribute[] attributes) {
        var output = new TagHelperOutput("x", new TagHelperAttributeList(attributes), (_, _) => Task.FromResult<TagHelperContent>(new DefaultTagHelperContent()));
        helper.Process(new TagHelperContext([], new Dictionary<object, object>(), "x"), output);
        return output;
    }

    internal static string Render(TagHelper helper, params TagHelperAttribute[] attributes) => Html(Process(helper, attributes));

    internal static string Html(TagHelperOutput output) {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        output.WriteTo(writer, HtmlEncoder.Default);
        return writer.ToString();
    }

    internal T Field<T>(string property, object? value = null) where T : FieldTagHelper, new() {
        var metadata = Metadata.GetMetadataForProperty(typeof(Form), property);
        return new T { For = new ModelExpression(property, new ModelExplorer(Metadata, metadata, value)), ViewContext = View };
    }

    internal ViewContext View => new() { HttpContext = Http, ViewData = new ViewDataDictionary(Metadata, State) };
}
