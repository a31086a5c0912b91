using System.Reflection;
using Cpd.Platform.Data;
using FluentValidation;
using MediatR;

namespace Cpd.Platform.Messaging;

/// <summary>Marks a request that changes something: it runs in one write transaction, and a refusal rolls it back.</summary>
public interface IWrite;

/// <summary>
/// A write that may take longer than a moment (an import, a sweep over many rows). Where writers share commits this one shares with
/// no one, so that nobody's answer waits for it longer than the queue makes them.
/// </summary>
public interface ILongWrite : IWrite;

/// <summary>Answers an invalid request before its handler (and its transaction) is reached.</summary>
sealed class ValidationBehaviour<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse> where TResponse : IOutcome<TResponse> {
    static readonly PropertyInfo[] Lists = [.. typeof(TRequest).GetProperties().Where(p => typeof(IEnumerable<object>).IsAssignableFrom(p.PropertyType))];

    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) {
        var errors = new List<FieldError>();
        // JSON may hold a null where a list has its entries: no rule and no handler has to think of that.
        foreach (var list in Lists)
            if (list.GetValue(request) is IEnumerable<object?> entries && entries.Contains(null)) errors.Add(new(list.Name, "Leave out empty entries"));
        if (errors.Count > 0) return TResponse.Of(new Invalid(errors));
        foreach (var validator in validators)
            errors.AddRange((await validator.ValidateAsync(request, cancellationToken)).Errors.Select(e => new FieldError(e.PropertyName, e.ErrorMessage)));
        // One sentence a field: the first rule that failed is the one to mend first.
        return errors.Count == 0 ? await next() : TResponse.Of(new Invalid([.. errors.DistinctBy(e => e.Field)]));
    }
}

sealed class TransactionBehaviour<TRequest, TResponse>(Db db) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>, IWrite where TResponse : IOutcome<TResponse> {
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        db.Write(() => next(), outcome => outcome.Refusal is null, cancellationToken, alone: request is ILongWrite);
}
