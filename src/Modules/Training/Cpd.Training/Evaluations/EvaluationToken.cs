using Cpd.Training.Bookings;
using Microsoft.AspNetCore.DataProtection;

namespace Cpd.Training.Evaluations;

/// <summary>To say what one thought of the session. A token of its own: a booking's may have gone to a manager, who is not to speak for their staff.</summary>
internal sealed class EvaluationToken(IDataProtectionProvider protection, TimeProvider clock) : BookingLink(protection, clock, "Cpd.Training.EvaluationToken");
