using Cpd.Training.Bookings;
using Microsoft.AspNetCore.DataProtection;

namespace Cpd.Training.Evaluations;

/// <summary>To say what a session has changed. What is said goes into the person's record, so only they get the link.</summary>
internal sealed class ImpactToken(IDataProtectionProvider protection, TimeProvider clock) : BookingLink(protection, clock, "Cpd.Training.ImpactToken");
