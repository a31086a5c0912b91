using Cpd.Platform.Web.TagHelpers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Cpd.Tests.Platform;

public sealed class TagHelperTests {
    readonly FormFixture form = new();

    [Fact]
    public void Input_HintAndError_AreDescribedInTheDesignSystemsOrder() {
        form.State.AddModelError("Title", "Enter a course title");
        var input = form.Field<InputTagHelper>("Title");
        input.Hint = "As on certificates";
        Assert.Equal(
            """<div class="govuk-form-group govuk-form-group--error"><label class="govuk-label" for="Title">Course title</label>"""
            + """<div id="Title-hint" class="govuk-hint">As on certificates</div>"""
            + """<p id="Title-error" class="govuk-error-message"><span class="govuk-visually-hidden">Error:</span> Enter a course title</p>"""
            + """<input class="govuk-input govuk-input--error" id="Title" name="Title" type="text" aria-describedby="Title-hint Title-error"></div>""",
            FormFixture.Render(input));
    }

    [Fact]
    public void Input_RefusedForm_ShowsWhatWasTypedNotTheModel() {
        form.Type("Title", "<b>\"Siân\"</b>");
        var html = FormFixture.Render(form.Field<InputTagHelper>("Title", "from the model"));
        Assert.Contains("value=\"&lt;b&gt;&quot;Siân&quot;&lt;/b&gt;\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("from the model", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Input_ClearedField_StaysClear() {
        form.Type("Title", "");
        Assert.Contains("value=\"\"", FormFixture.Render(form.Field<InputTagHelper>("Title", "from the model")), StringComparison.Ordinal);
    }

    [Fact]
    public void Input_UnknownAttributes_GoToTheControl() =>
        Assert.Contains("maxlength=\"20\"></div>", FormFixture.Render(form.Field<InputTagHelper>("Title"), new TagHelperAttribute("maxlength", "20")), StringComparison.Ordinal);

    [Fact]
    public void Textarea_LineBreaks_AreKept() {
        form.Type("Title", "\none\r\ntwo");
        var html = FormFixture.Render(form.Field<TextareaTagHelper>("Title"));
        var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html);
        Assert.Equal("\none\ntwo", document.QuerySelector("textarea")!.TextContent.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Password_RefusedForm_ShowsNothing() {
        form.Type("Password", "secret");
        Assert.DoesNotContain("secret", FormFixture.Render(form.Field<PasswordTagHelper>("Password", "secret")), StringComparison.Ordinal);
    }

    [Fact]
    public void Checkboxes_TypedValues_WinOverTheModel() {
        form.Type("Ages", "0", "3");
        var boxes = form.Field<CheckboxesTagHelper>("Ages", new List<string> { "2" });
        boxes.Items = [new SelectListItem("Under 2", "0"), new SelectListItem("2 years", "2"), new SelectListItem("3 years", "3")];
        var html = FormFixture.Render(boxes);
        Assert.Contains("id=\"Ages\" name=\"Ages\" type=\"checkbox\" value=\"0\" checked>", html, StringComparison.Ordinal);
        Assert.Contains("id=\"Ages-2\" name=\"Ages\" type=\"checkbox\" value=\"2\">", html, StringComparison.Ordinal);
        Assert.Contains("id=\"Ages-3\" name=\"Ages\" type=\"checkbox\" value=\"3\" checked>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true,false", true)]
    [InlineData("false", false)]
    public void Checkbox_HiddenFalse_DoesNotHideTheTick(string sent, bool ticked) {
        form.Type("Agreed", sent.Split(','));
        Assert.Equal(ticked, FormFixture.Render(form.Field<CheckboxTagHelper>("Agreed")).Contains(" checked", StringComparison.Ordinal));
    }

    [Fact]
    public void Date_PartMissing_MarksThatPartAndKeepsTheRest() {
        form.Type("StartsOn.Day", "3");
        form.Type("StartsOn.Month", "");
        form.Type("StartsOn.Year", "2026");
        form.State.AddModelError("StartsOn", "Starts on must include a month");
        var html = FormFixture.Render(form.Field<DateTagHelper>("StartsOn"));
        Assert.Contains("class=\"govuk-input govuk-date-input__input govuk-input--width-2\" id=\"StartsOn-day\" name=\"StartsOn.Day\" type=\"text\" value=\"3\"", html, StringComparison.Ordinal);
        Assert.Contains("govuk-input--error govuk-input--width-2\" id=\"StartsOn-month\"", html, StringComparison.Ordinal);
        Assert.Equal(1, html.Split("govuk-input--error").Length - 1);
    }

    [Fact]
    public void ErrorSummary_Valid_IsNotThere() =>
        Assert.Equal("", FormFixture.Render(new ErrorSummaryTagHelper { ViewContext = form.View }));

    [Fact]
    public void ErrorSummary_Errors_FollowThePageAndLinkToTheFirstControl() {
        form.State.AddModelError("", "The session is full");
        form.State.AddModelError("Ages", "Select an age");
        form.State.AddModelError("StartsOn", "Enter a start date");
        form.State.AddModelError("Title", "Enter a course title");
        var summary = FormFixture.Process(new ErrorSummaryTagHelper { ViewContext = form.View });
        FormFixture.Render(form.Field<InputTagHelper>("Title"));
        FormFixture.Render(form.Field<DateTagHelper>("StartsOn"));
        FormFixture.Render(form.Field<CheckboxesTagHelper>("Ages"));
        Assert.Contains(
            """<li><a href="#Title">Enter a course title</a></li><li><a href="#StartsOn-day">Enter a start date</a></li>"""
            + """<li><a href="#Ages">Select an age</a></li><li>The session is full</li>""",
            FormFixture.Html(summary), StringComparison.Ordinal);
    }

    [Fact]
    public void Pagination_OnePage_IsNotThere() =>
        Assert.Equal("", FormFixture.Render(new PaginationTagHelper { Page = 1, Pages = 1, ViewContext = form.View }));

    [Fact]
    public void Pagination_ManyPages_KeepsFiltersAndLeavesGaps() {
        form.Http.Request.Path = "/courses";
        form.Http.Request.QueryString = new QueryString("?q=first+aid&page=5&kind=a&kind=b");
        var html = FormFixture.Render(new PaginationTagHelper { Page = 5, Pages = 9, ViewContext = form.View });
        var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html);
        Assert.Equal(["1", "⋯", "4", "5", "6", "⋯", "9"], document.QuerySelectorAll("li").Select(li => li.TextContent.Trim()));
        Assert.Equal("/courses?q=first%20aid&kind=a&kind=b&page=6", document.QuerySelector("[rel=next]")!.GetAttribute("href"));
        Assert.Equal("5", document.QuerySelector("[aria-current=page]")!.TextContent);
    }
}
