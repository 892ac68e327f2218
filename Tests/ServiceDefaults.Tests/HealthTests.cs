using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ServiceDefaults.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task A_service_is_healthy_and_ready_in_every_environment()
    {
        await using var app = await Service.StartAsync();
        using var http = app.Client();

        Assert.Equal("""{"status":"healthy","checks":{"self":"healthy"}}""", await http.GetStringAsync("/health"));
        Assert.Equal("""{"status":"healthy","checks":{}}""", await http.GetStringAsync("/ready"));
    }

    [Fact]
    public async Task A_failing_readiness_check_makes_it_unready_but_not_dead_and_tells_no_reason()
    {
        await using var app = await Service.StartAsync(b => b.Services.AddHealthChecks()
            .AddCheck("journal", () => HealthCheckResult.Unhealthy("/var/secret is full", new IOException("/var/secret")), [HealthTags.Ready])
            .AddCheck("other", () => HealthCheckResult.Degraded(), [HealthTags.Ready]));
        using var http = app.Client();

        using var ready = await http.GetAsync("/ready");
        using var health = await http.GetAsync("/health");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("application/json", ready.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"status":"unhealthy","checks":{"journal":"unhealthy","other":"degraded"}}""", await ready.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }
}
