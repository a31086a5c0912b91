using FluentValidation;

namespace Cpd.People.Persons;

/// <summary>The rules that forms about people share.</summary>
internal static class PersonRules {
    internal static void IsEmail<T>(this IRuleBuilder<T, string?> email) => email
        .MaximumLength(320).WithMessage("Email address must be 320 characters or fewer")
        .Matches(EmailShape.Pattern).WithMessage("Enter an email address in the correct format, like name@example.com");
}
