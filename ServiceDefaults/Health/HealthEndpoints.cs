using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ServiceDefaults;

/// <summary>
/// <c>GET /health</c> and <c>GET /ready</c>: 200, or 503 when unhealthy, and <c>{"status":"healthy","checks":{"self":"healthy"}}</c>.
/// </summary>
/// <remarks>
/// Aspire's template maps its endpoints in Development only, because a check's description or exception can reveal what
/// is behind it. A load balancer and an orchestrator need these in production, so they are always there and tell nothing
/// but names and states; why a check fails is in the log.
/// </remarks>
public static class HealthEndpoints
{
    private const string Live = "/health";
    private const string Ready = "/ready";

    /// <summary>Maps the two endpoints.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(Live, Of(HealthTags.Live));
        app.MapHealthChecks(Ready, Of(HealthTags.Ready));
        return app;
    }

    internal static bool Is(PathString path) => path.StartsWithSegments(Live) || path.StartsWithSegments(Ready);

    private static HealthCheckOptions Of(string tag) => new()
    {
        Predicate = check => check.Tags.Contains(tag),
        ResponseWriter = WriteAsync,
    };

    private static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", Text(report.Status));
        json.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
        {
            json.WriteString(name, Text(entry.Status));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Text(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
