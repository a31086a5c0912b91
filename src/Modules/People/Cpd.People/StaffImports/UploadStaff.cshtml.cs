using Cpd.People.Files;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Cpd.People.StaffImports;

[Requires(PeoplePermissions.ChangePeople)]
[IgnoreAntiforgeryToken(Order = 1001), LeaveFormUnread, RequestSizeLimit(RequestLimit)]
internal sealed class UploadStaffPage(IMediator mediator, CurrentUser me, KeptAnswers answers, IAntiforgery antiforgery) : UploadPage(me, answers, antiforgery) {
    /// <summary>Only the field's name: a property of a file's own type would be bound, and the form read for it.</summary>
    public string? StaffFile { get; set; }

    private protected override string FileField => nameof(StaffFile);
    private protected override string Fields => "";

    private protected override Task Bind(IValueProvider fields) => Task.CompletedTask;

    private protected override Task<Outcome<Guid>> Stage(string? fileName, Stream? file, CancellationToken ct) => mediator.Send(new UploadStaff.Command(fileName, file), ct);

    private protected override string At(Guid import) => PeopleLinks.StaffImport(import);

    private protected override Task Discard(Guid import, CancellationToken ct) => mediator.Send(new DiscardStaffImport.Command(import), ct);
}
