using Cpd.Platform.Messaging;

namespace Cpd.Training.Contracts;

/// <summary>Somebody said, some months after a session, what it has changed in their practice. Once for a booking.</summary>
/// <param name="Changed">Whether anything has.</param>
/// <param name="Words">Theirs; empty when nothing has changed and they wrote nothing.</param>
/// <param name="AnsweredAt">UTC.</param>
public sealed record ImpactDescribed(Guid BookingId, Guid PersonId, bool Changed, string Words, DateTime AnsweredAt) : IEvent;
