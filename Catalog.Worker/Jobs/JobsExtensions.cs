using Catalog.Worker.Jobs.Locking;
using Catalog.Worker.Jobs.Record;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ServiceDefaults;

namespace Catalog.Worker.Jobs;

/// <summary>Puts jobs into a host.</summary>
internal static class JobsExtensions
{
    /// <summary>What all jobs share: schedules, runs, metrics, readiness.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<SchedulerOptions>()
            .Configure<IConfiguration>((options, configuration) => options.Enabled = !LambdaDefaults.Apply(configuration))
            .BindConfiguration(SchedulerOptions.Section);
        services.AddOptions<JobLockOptions>().BindConfiguration(JobLockOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<JobLockOptions>, JobLockOptionsValidator>();
        services.AddSingleton<JobLocks>();
        services.AddSingleton<JobRunLog>();
        services.AddSingleton<JobMetrics>();
        services.AddSingleton<JobCatalog>();
        services.AddSingleton<IValidateOptions<JobOptions>, JobOptionsValidator>();
        services.AddHostedService<JobScheduler>();
        services.AddHealthChecks().AddCheck<JobsReadiness>("jobs", tags: [HealthTags.Ready]);
        services.ConfigureHttpJsonOptions(http => http.SerializerOptions.TypeInfoResolverChain.Insert(0, JobsJson.Default));
        return services;
    }

    /// <summary>Adds a job.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name that <typeparamref name="TJob"/> has.</param>
    /// <param name="schedule">When it runs unless <c>Jobs:{name}:Schedule</c> says otherwise.</param>
    /// <param name="runAtStart">Whether it also runs at the start unless settings say otherwise; not when it needs what another job makes then.</param>
    public static IServiceCollection AddJob<TJob>(this IServiceCollection services, string name, string schedule, bool runAtStart = true)
        where TJob : class, IJob
    {
        services.AddOptions<JobOptions>(name)
            .Configure<IConfiguration>((options, configuration) =>
            {
                options.Schedule = schedule;
                options.RunAtStart = runAtStart;
                options.TimeLimit = LambdaDefaults.Apply(configuration) ? LambdaDefaults.TimeLimit : null;
            })
            .BindConfiguration($"{JobOptions.Section}:{name}")
            .ValidateOnStart();
        services.AddSingleton<TJob>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<JobRunner>(provider, provider.GetRequiredService<TJob>()));
        return services;
    }
}
