namespace Beacon.Api.Endpoints;

/// <summary>Maps <c>/trackingpixel</c>.</summary>
internal static class PixelEndpoint
{
    public const string Path = "/trackingpixel";

    /// <summary>
    /// GET makes an event. HEAD answers the same headers and makes none, and is not counted: it shows nobody an
    /// image, and comes from link checkers and monitors. Any other method is answered with 405 by routing.
    /// </summary>
    public static void MapPixel(this IEndpointRouteBuilder routes)
    {
        // Not before the start: that is when the settings they are made from are checked, all of them at once.
        var pipeline = new Lazy<BeaconPipeline>(routes.ServiceProvider.GetRequiredService<BeaconPipeline>);
        var image = new Lazy<PixelImage>(routes.ServiceProvider.GetRequiredService<PixelImage>);

        // A plain delegate: nothing is bound or inferred for the one path that is asked for all day.
        routes.MapMethods(Path, [HttpMethods.Get], async http => image.Value.Write(http.Response, await pipeline.Value.ReceiveAsync(http), headersOnly: false));
        routes.MapMethods(Path, [HttpMethods.Head], http =>
        {
            image.Value.Write(http.Response, Verdict.Accepted, headersOnly: true);
            return Task.CompletedTask;
        });
    }
}
