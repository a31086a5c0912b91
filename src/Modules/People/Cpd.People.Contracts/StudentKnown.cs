using Cpd.Platform.Messaging;

namespace Cpd.People.Contracts;

/// <summary>It is known who a student is that an institution has sent: the person of this email address, who may now act as a student.</summary>
/// <param name="StudentId">As it was asked for.</param>
public sealed record StudentKnown(Guid StudentId, Guid PersonId) : IEvent;
