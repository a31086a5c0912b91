using System.Reflection;
using Cpd.Platform.Telemetry;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Platform.Messaging;

/// <summary>The one place that sets MediatR up. Handlers and validators are found by scanning the modules' assemblies.</summary>
static class MediatorSetup {
    public static void AddMessaging(this IServiceCollection services, IReadOnlyCollection<Assembly> assemblies) {
        services.AddScoped<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddScoped<IMediator, PatientMediator>();
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(MeasuringBehaviour<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ValidationBehaviour<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(TransactionBehaviour<,>));
        services.Scan(scan => scan.FromAssemblies(assemblies)
            .AddClasses(c => c.AssignableToAny(typeof(IRequestHandler<,>), typeof(INotificationHandler<>), typeof(IPartOf<,>)), publicOnly: false).AsImplementedInterfaces().WithScopedLifetime()
            .AddClasses(c => c.AssignableTo(typeof(IValidator<>)), publicOnly: false).AsImplementedInterfaces().WithSingletonLifetime());
        services.AddScoped<Everyone>();
        services.AddScoped<Outbox>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<OutboxWorker>();
        services.AddHostedService(p => p.GetRequiredService<OutboxWorker>());
        var all = assemblies.Concat(assemblies.SelectMany(Contracts)).Distinct();
        services.AddSingleton(new EventTypes(all.SelectMany(a => a.GetTypes()).Where(t => t is { IsAbstract: false } && typeof(IEvent).IsAssignableFrom(t)).Distinct()));
    }

    static IEnumerable<Assembly> Contracts(Assembly module) => module.GetReferencedAssemblies()
        .Where(n => n.Name!.EndsWith(".Contracts", StringComparison.Ordinal)).Select(Assembly.Load);

    /// <summary>What start-up must find: every request has its handler, and every write its validator.</summary>
    public static IEnumerable<string> Problems(IServiceProvider services, IReadOnlyCollection<Assembly> assemblies) {
        var known = services.GetRequiredService<IServiceProviderIsService>();
        foreach (var request in assemblies.Concat(assemblies.SelectMany(Contracts)).Distinct().SelectMany(a => a.GetTypes()).Where(t => t is { IsAbstract: false, IsInterface: false }))
            foreach (var answer in request.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>))) {
                if (!known.IsService(typeof(IRequestHandler<,>).MakeGenericType(request, answer.GenericTypeArguments[0]))) yield return $"{request.FullName} has no handler";
                if (typeof(IWrite).IsAssignableFrom(request) && !known.IsService(typeof(IValidator<>).MakeGenericType(request))) yield return $"{request.FullName} is a write and has no validator";
            }
    }

    /// <summary>Lets every handler of an event have its turn before it reports that one of them failed: a poisoned one must not starve its neighbours.</summary>
    sealed class PatientMediator(ServiceFactory services) : Mediator(services) {
        protected override async Task PublishCore(IEnumerable<Task> allHandlers) {
            List<Exception> failures = [];
            // The sequence is lazy: each handler begins when it is reached, so they never share the connection at the same time.
            foreach (var handler in allHandlers) {
                try { await handler; } catch (Exception e) { failures.Add(e); }
            }
            if (failures.Count > 0) throw new AggregateException(failures);
        }
    }
}
