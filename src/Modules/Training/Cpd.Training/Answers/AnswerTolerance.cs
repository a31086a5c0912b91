using Cpd.Platform.Data;
using Cpd.Training.Contracts;
using Cpd.Training.Registers;
using MediatR;

namespace Cpd.Training.Answers;

/// <summary>Answers what an authority lets pass on its registers.</summary>
internal static class AnswerTolerance {
    internal sealed class Handler(Db db) : IRequestHandler<FindTolerance, int> {
        const string Select = "SELECT Tolerance FROM training_RegisterRule WHERE AuthorityId = @AuthorityId";

        public async Task<int> Handle(FindTolerance request, CancellationToken cancellationToken) => await db.One<int?>(Select, request, cancellationToken) ?? Register.UsualTolerance;
    }
}
