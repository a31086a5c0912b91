using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.StaffImports;

/// <summary>Whoever has looked at a list of staff decides against it; nothing has been changed.</summary>
internal static class DiscardStaffImport {
    internal sealed record Command(Guid ImportId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.ImportId).NotEmpty();
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"SELECT i.Id FROM people_StaffImport i WHERE i.Id = @ImportId AND {SeeStaffImport.Mine}";
        const string Discard = "UPDATE people_StaffImport SET State = 'Discarded' WHERE Id = @ImportId AND State = 'Checked'";
        const string DeleteRows = "DELETE FROM people_StaffImportRow WHERE ImportId = @ImportId";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(Select, SeeStaffImport.MineOf(me, request.ImportId), cancellationToken) is null) return Outcome.NotFound;
            if (await db.Execute(Discard, request, cancellationToken) == 0) return Outcome.Conflict("This import has been made or discarded already.");
            await db.Execute(DeleteRows, request, cancellationToken);
            return Outcome.Done;
        }
    }
}
