using System.Text.RegularExpressions;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Accounts;

/// <summary>A person gives their mobile number and with it says that they want text messages, or takes it away and gets none. Nobody else gives it for them.</summary>
internal static partial class ChooseTexts {
    internal const string Example = "07700 900 982";

    internal sealed record Query : IRequest<string?>;

    internal sealed class Reading(Db db, CurrentUser me) : IRequestHandler<Query, string?> {
        const string Select = "SELECT Mobile FROM people_Person WHERE Id = @PersonId";

        public Task<string?> Handle(Query request, CancellationToken cancellationToken) => db.One<string>(Select, new { me.PersonId }, cancellationToken);
    }

    /// <param name="Mobile">As it is typed; empty for no text messages.</param>
    internal sealed record Command(string? Mobile) : IRequest<Outcome<bool>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Mobile).Must(m => string.IsNullOrWhiteSpace(m) || Normal(m) is not null).WithMessage($"Enter a UK mobile number, like {Example}");
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<bool>> {
        const string Update = "UPDATE people_Person SET Mobile = @Mobile WHERE Id = @PersonId";

        /// <returns>Whether they get text messages now.</returns>
        public async Task<Outcome<bool>> Handle(Command request, CancellationToken cancellationToken) {
            var mobile = Normal(request.Mobile ?? "");
            return await db.Execute(Update, new { me.PersonId, Mobile = mobile }, cancellationToken) == 0 ? Outcome.NotFound : mobile is not null;
        }
    }

    /// <summary>A UK mobile number as networks write it, "+447700900982", from the ways in which people do; null for anything else. 070 are personal numbers and 076 pagers, but for 07624, the Isle of Man's.</summary>
    internal static string? Normal(string typed) => Number().Match(Between().Replace(typed, "")) is { Success: true } match ? $"+44{match.Groups["number"].Value}" : null;

    [GeneratedRegex(@"\A(?:(?:\+|00)?44)?0?(?<number>7(?:[1-57-9][0-9]{8}|624[0-9]{6}))\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"[\s().\u2010-\u2015-]")]
    private static partial Regex Between();
}
