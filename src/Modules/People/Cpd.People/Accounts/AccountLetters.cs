using Cpd.Platform.Messages;
using Cpd.Platform.Web;

namespace Cpd.People.Accounts;

/// <summary>The words of the messages about people's accounts and where they work.</summary>
internal static class AccountLetters {
    internal static readonly LetterKind InvitationKind = new("invitation", "An account is ready to be made", "To someone who is invited to make their account.", s => Invitation(s.Recipient, s.Name, "Jo Officer", s.Absolute(PeopleLinks.SetPassword(Example))));
    internal static readonly LetterKind NewPasswordKind = new("new-password", "Choose a new password", "To someone who has forgotten their password.", s => NewPassword(s.Recipient, s.Name, s.Absolute(PeopleLinks.SetPassword(Example)))) { IsOfNobody = true };
    internal static readonly LetterKind PasswordChangedKind = new("password-changed", "Your password has been changed", "To whoever has changed their password.", s => PasswordChanged(s.Recipient, s.Name, s.Absolute(PeopleLinks.ForgotPassword))) { IsOfNobody = true };
    internal static readonly LetterKind EmailChangedKind = new("email-changed", "Your email address has been changed", "To the old address of someone whose address has been changed by their manager or officer.", s => EmailChanged(s.Recipient, s.Name, "Jo Officer")) { IsOfNobody = true };
    internal static readonly LetterKind AddedToSettingKind = new("added-to-setting", "Added to the staff of a setting", "To someone who had an address here already, when a setting adds them to its staff.", s => AddedToSetting(s.Recipient, s.Name, "Little Oaks Nursery", London.Day(s.Now)));

    internal static IReadOnlyList<LetterKind> All => [InvitationKind, NewPasswordKind, PasswordChangedKind, EmailChangedKind, AddedToSettingKind];

    /// <summary>Stands where a secret stands in a real one.</summary>
    const string Example = "example";

    internal static Letter Invitation(string recipient, string name, string by, string address) => new(recipient, name, "Your account for early years training", [
        new Say($"{by} has invited you to CPD for early years, where you book training, keep your CPD record and find your certificates."),
        new Do("Set your password within 7 days", address),
        new Say("The link works once. If it no longer works, ask for a new one on the sign-in page (\"I have forgotten my password\")."),
    ]);

    internal static Letter NewPassword(string recipient, string name, string address) => new(recipient, name, "Choose a new password", [
        new Say("You, or somebody who knows your email address, asked for a new password for CPD for early years."),
        new Do("Choose a new password within 1 hour", address),
        new Say("The link works once. If you did not ask for it, you need do nothing: your password stays as it is."),
    ]);

    internal static Letter PasswordChanged(string recipient, string name, string forgotten) => new(recipient, name, "Your password has been changed", [
        new Say("The password of your account with CPD for early years has just been changed. Everywhere else you were signed in, you have been signed out."),
        new Say("If it was not you, choose a new password at once and tell your local authority."),
        new Do("It was not me: choose a new password", forgotten),
    ]);

    internal static Letter EmailChanged(string recipient, string name, string by) => new(recipient, name, "Your email address has been changed", [
        new Say($"{by} has changed the address to which CPD for early years sends your messages. This is the last that comes here. If you have an account, sign in with the new address."),
        new Say("If this is not right, tell your local authority."),
    ]);

    internal static Letter AddedToSetting(string recipient, string name, string setting, DateOnly joinedOn) => new(recipient, name, $"You have been added to the staff of {setting}", [
        new Say($"{setting} has added you to its staff on CPD for early years, from {Show.Date(joinedOn)}. Its manager can now book training for you and see your training record."),
        new Say("If you do not work there, tell your local authority."),
    ]);
}
