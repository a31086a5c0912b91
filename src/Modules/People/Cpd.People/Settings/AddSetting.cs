using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Settings;

/// <summary>An officer adds one setting of their authority by hand, between two imports; the URN is unique in all England.</summary>
internal static class AddSetting {
    internal sealed record Command(Guid? AuthorityId, string? Urn, string? Name, string? ProviderType, int? Places, string? Address, string? Town, string? Postcode) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.AuthorityId).NotEmpty().WithMessage("Select the local authority");
            RuleFor(c => c.Urn).NotEmpty().WithMessage("Enter the Ofsted URN").Must(u => u is null || Settings.Urn.Read(u) is not null).WithMessage("Enter a URN in the correct format, like EY301234 or 2509408");
            RuleFor(c => c.Name).NotEmpty().WithMessage("Enter the name of the setting").MaximumLength(200).WithMessage("Name must be 200 characters or fewer");
            RuleFor(c => c.ProviderType).Must(t => t is not null && ProviderTypes.All.Contains(t)).WithMessage("Select the type of setting");
            RuleFor(c => c.Places).InclusiveBetween(0, 2000).WithMessage("Places must be between 0 and 2,000");
            RuleFor(c => c.Address).MaximumLength(500).WithMessage("Address must be 500 characters or fewer");
            RuleFor(c => c.Town).MaximumLength(100).WithMessage("Town must be 100 characters or fewer");
            RuleFor(c => c.Postcode).Must(p => string.IsNullOrWhiteSpace(p) || PostcodeShape.IsMatch(p)).WithMessage("Enter a full UK postcode, like RM17 6SL");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO people_Setting (Id, AuthorityId, Urn, UrnKind, Name, NameKey, ProviderType, Subtype, Status, Places, Address, Town, Postcode, Version)
            VALUES (@Id, @AuthorityId, @Urn, @UrnKind, @Name, @NameKey, @ProviderType, '', 'Active', @Places, @Address, @Town, @Postcode, 1)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(PeoplePermissions.ChangeSettings);
            if (!reach.All && !reach.Authorities.Contains(request.AuthorityId!.Value)) return Outcome.NotFound;
            var urn = Settings.Urn.Read(request.Urn!)!.Value;
            var name = request.Name!.Trim();
            var id = Ids.New(clock);
            try {
                await db.Execute(Insert, new {
                    Id = id, request.AuthorityId, Urn = urn.Text, UrnKind = urn.Kind.ToString(), Name = name, NameKey = NameKey.Of(name), request.ProviderType, request.Places,
                    Address = request.Address?.ReplaceLineEndings(", ").Trim() ?? "", Town = request.Town?.Trim() ?? "", Postcode = PostcodeShape.Tidy(request.Postcode),
                }, cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(Command.Urn), "There is a setting with this URN already");
            }
            return id;
        }
    }
}

/// <summary>The types under which Ofsted registers early-years providers.</summary>
internal static class ProviderTypes {
    internal static IReadOnlyList<string> All { get; } = ["Childcare on non-domestic premises", "Childcare on domestic premises", "Childminder", "Home childcarer"];
}

/// <summary>UK postcodes, typed with or without their space.</summary>
internal static partial class PostcodeShape {
    internal static bool IsMatch(string typed) => Shape().IsMatch(Squeeze(typed));

    /// <summary>Upper case with one space before the last three; empty for nothing.</summary>
    internal static string Tidy(string? typed) => string.IsNullOrWhiteSpace(typed) ? "" : Squeeze(typed) is var p ? $"{p[..^3]} {p[^3..]}" : "";

    static string Squeeze(string typed) => string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    [System.Text.RegularExpressions.GeneratedRegex(@"^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}\z")]
    private static partial System.Text.RegularExpressions.Regex Shape();
}
