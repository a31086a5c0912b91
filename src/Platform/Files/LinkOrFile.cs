using FluentValidation;

namespace Cpd.Platform.Files;

/// <summary>What is given to others to read: a link or a file, with a title.</summary>
public interface ILinkOrFile {
    string? Title { get; }
    string? Link { get; }
    string? FileName { get; }
    byte[]? Content { get; }
}

/// <summary>For the validator of a use case to include. What is wrong with the file stands beside "Attachment", the field of the page.</summary>
public sealed class LinkOrFileRules : AbstractValidator<ILinkOrFile> {
    public LinkOrFileRules() {
        RuleFor(c => c.Title).NotEmpty().WithMessage("Enter a title").MaximumLength(200).WithMessage("The title must be 200 characters or fewer");
        RuleFor(c => c.Link).Must((c, link) => !string.IsNullOrWhiteSpace(link) || c.Content is not null).WithMessage("Enter a link or select a file")
            .Must((c, link) => string.IsNullOrWhiteSpace(link) || c.Content is null).WithMessage("Enter a link or select a file, not both")
            .MaximumLength(500).WithMessage("The link must be 500 characters or fewer")
            .Must(l => string.IsNullOrWhiteSpace(l) || Uri.TryCreate(l.Trim(), UriKind.Absolute, out var link) && link.Scheme is "https" or "http").WithMessage("The link must be a web address, like https://example.org/handout");
        RuleFor(c => c.Content).Custom((content, context) => {
            if (content is not null && SentFile.Problem(SentFile.Name(context.InstanceToValidate.FileName ?? ""), content) is { } problem) context.AddFailure("Attachment", problem);
        });
    }
}
