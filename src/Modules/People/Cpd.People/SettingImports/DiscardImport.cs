using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.SettingImports;

/// <summary>Whoever has looked at an import decides against it; nothing has been changed.</summary>
internal static class DiscardImport {
    internal sealed record Command(Guid ImportId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.ImportId).NotEmpty();
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"SELECT i.Id FROM people_SettingImport i WHERE i.Id = @ImportId AND {SeeImport.InReach}";
        const string Discard = "UPDATE people_SettingImport SET State = 'Discarded' WHERE Id = @ImportId AND State IN ('Waiting', 'Checked')";
        const string DeleteRows = "DELETE FROM people_SettingImportRow WHERE ImportId = @ImportId";
        const string DeleteMissing = "DELETE FROM people_SettingImportMissing WHERE ImportId = @ImportId";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(Select, db.In(me.Reach(PeoplePermissions.ChangeSettings), request), cancellationToken) is null) return Outcome.NotFound;
            if (await db.Execute(Discard, request, cancellationToken) == 0) return Outcome.Conflict("This import has been made or discarded already.");
            await db.Execute(DeleteRows, request, cancellationToken);
            await db.Execute(DeleteMissing, request, cancellationToken);
            return Outcome.Done;
        }
    }
}
