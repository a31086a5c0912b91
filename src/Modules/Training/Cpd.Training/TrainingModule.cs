using Cpd.Platform;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training;

/// <summary>Courses, sessions, bookings, waiting lists and registers.</summary>
public sealed class TrainingModule : IModule {
    public void MapApi(IEndpointRouteBuilder api) { }

    public IEnumerable<string> Permissions => TrainingPermissions.All;
}
