using System.Text.Json;
using Catalog.Worker.Jobs;

namespace Catalog.Worker;

/// <summary>Answers a request that cannot be read with a sentence, where the framework would answer a bare 400.</summary>
internal static class BadRequests
{
    public static void AddBadRequests(this IServiceCollection services)
        => services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);

    public static void UseBadRequests(this WebApplication app) => app.Use(async (HttpContext context, RequestDelegate next) =>
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            var sentence = e.InnerException is JsonException json ? $"The body cannot be read: {json.Message}" : e.Message;
            await TypedResults.Json(new JobProblem(sentence), JobsJson.Default.JobProblem, statusCode: e.StatusCode).ExecuteAsync(context);
        }
    });
}
