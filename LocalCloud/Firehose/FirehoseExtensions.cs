using LocalCloud.Protocol;

namespace LocalCloud.Firehose;

/// <summary>Puts Firehose into LocalCloud.</summary>
internal static class FirehoseExtensions
{
    /// <summary>Adds the streams, their delivery in the background, and the API.</summary>
    public static IServiceCollection AddFirehose(this IServiceCollection services)
    {
        services.AddSingleton<DeliveryStreams>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryStreams>());
        services.AddSingleton<FirehoseFaults>();
        services.AddAwsJsonService<FirehoseApi>();
        return services;
    }

    /// <summary>
    /// Maps what AWS has no words for: <c>POST /_localcloud/flush</c> delivers everything buffered and answers the objects written,
    /// <c>GET /_localcloud/firehose/meter</c> tells what AWS would bill, <c>/_localcloud/faults</c> shows, adds (<c>POST</c>) and
    /// forgets (<c>DELETE</c>) faults.
    /// </summary>
    public static IEndpointRouteBuilder MapFirehose(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/_localcloud/flush", async (DeliveryStreams streams, CancellationToken cancellation) =>
            Results.Ok(await streams.FlushAsync(cancellation)));
        routes.MapGet("/_localcloud/firehose/meter", (DeliveryStreams streams) => Meter.Of(streams.Usage));

        var faults = routes.MapGroup("/_localcloud/faults");
        faults.MapGet("", (FirehoseFaults coming) => coming.Coming);
        faults.MapPost("", (FirehoseFault fault, FirehoseFaults coming) =>
        {
            try
            {
                coming.Add(fault);
                return Results.Ok(coming.Coming);
            }
            catch (ArgumentException error)
            {
                return Results.BadRequest(new { error = error.Message });
            }
        });
        faults.MapDelete("", (FirehoseFaults coming) =>
        {
            coming.Clear();
            return Results.NoContent();
        });
        return routes;
    }
}
