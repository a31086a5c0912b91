using System.ComponentModel.DataAnnotations;
using Cpd.Accreditation.Ledger;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Accreditation.Exports;

// Which of the exports, their own permissions say.
[Requires(AccreditationPermissions.UseExports)]
internal sealed class ChooseExportPage(IMediator mediator, CurrentUser me, TimeProvider clock) : CpdPage {
    internal const string SettingRecords = "setting-records";
    internal const string AccreditationRecords = "accreditation-records";

    [BindProperty(SupportsGet = true)] public string? Records { get; set; }
    [BindProperty(SupportsGet = true), Display(Name = "The first day")] public DateOnly? From { get; set; }
    [BindProperty(SupportsGet = true), Display(Name = "The last day")] public DateOnly? To { get; set; }
    [BindProperty(SupportsGet = true)] public string? Format { get; set; }

    internal IReadOnlyList<HintedItem> Kinds => [.. All.Where(k => me.May(k.Permission)).Select(k => new HintedItem(k.Words, k.Value, k.Hint))];
    internal static IReadOnlyList<SelectListItem> Formats => [new("CSV, for a spreadsheet", ExportPeriod.Csv), new("JSON, for another program", ExportPeriod.Json)];

    static readonly IReadOnlyList<(string Value, string Permission, string Words, string Hint)> All = [
        (SettingRecords, AccreditationPermissions.ExportSettingRecords, "Records of my setting", "Everyone who worked there in the period, with each course they attended and its certificate"),
        (AccreditationRecords, AccreditationPermissions.ExportAccreditationRecords, "Accreditation records", "Each certificate: course, accreditor, reference, learner, dates and time"),
    ];

    // A GET, because it changes nothing: the address of a download can be kept.
    public async Task<IActionResult> OnGetAsync(CancellationToken ct) {
        if (!Request.Query.ContainsKey(nameof(Format))) {
            var year = AcademicYear.Current(clock);
            (Records, From, To, Format) = (Kinds[0].Value, year.First, year.Last, ExportPeriod.Csv);
            return Page();
        }
        if (Kinds.Count == 1) Records ??= Kinds[0].Value;
        if (Kinds.All(k => k.Value != Records)) return Refused(Outcome.Invalid(nameof(Records), "Select which records you need"));
        return Records == SettingRecords
            ? Answer(await mediator.Send(new ExportSettingRecords.Query(From, To, Format), ct))
            : Answer(await mediator.Send(new ExportAccreditationRecords.Query(From, To, Format), ct));
    }

    IActionResult Answer<T>(Outcome<ExportFile<T>> outcome) => outcome.Refusal is { } refusal ? Refused(refusal) : outcome.Value;
}
