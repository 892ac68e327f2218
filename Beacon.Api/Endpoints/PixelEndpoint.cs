using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Beacon.Api.Endpoints;

/// <summary>
/// <c>/trackingpixel</c>: GET makes an event. HEAD answers the same headers and makes none, and is not counted: it shows
/// nobody an image, and comes from link checkers and monitors.
/// </summary>
/// <remarks>Nothing here is async that need not be: with a sink that keeps the event at once, the request ends in this call.</remarks>
internal sealed class PixelEndpoint(BeaconPipeline pipeline, PixelImage image, BeaconMetrics metrics, BeaconTracing tracing, ProcessorSpread spread)
{
    public const string Path = "/trackingpixel";

    /// <summary>So that a busy thread looks every 4 ms, as it has to, also where a request costs 250 µs; here it is 15.</summary>
    private const int LooksOneIn = 16;

    /// <summary>Whether it is a GET or HEAD for the pixel, by the path as routing compares it: in any case, with a slash behind it or not.</summary>
    public static bool IsFor(IFeatureCollection features)
    {
        IHttpRequestFeature request = features.GetRequiredFeature<IHttpRequestFeature>();
        string path = request.Path;
        return path.StartsWith(Path, StringComparison.OrdinalIgnoreCase)
            && (path.Length == Path.Length || (path.Length == Path.Length + 1 && path[^1] == '/'))
            && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));
    }

    /// <summary>Answers a GET or HEAD. Completes when the answer is with the server, which sends it.</summary>
    public Task AnswerAsync(IFeatureCollection features)
    {
        IHttpRequestFeature request = features.GetRequiredFeature<IHttpRequestFeature>();
        if (HttpMethods.IsHead(request.Method))
        {
            image.Write(features, Verdict.Accepted, headersOnly: true);
            return Task.CompletedTask;
        }

        long number = metrics.Received();
        if (number % LooksOneIn == 0)
        {
            spread.Look();
        }

        StepTimer? timer = metrics.TimeSteps(number);
        return tracing.Samples(number) ? TraceAsync(features, request, timer) : ReceiveAsync(features, request, timer, null);
    }

    private Task ReceiveAsync(IFeatureCollection features, IHttpRequestFeature request, StepTimer? timer, Activity? span)
    {
        ValueTask<Verdict> verdict = pipeline.ReceiveAsync(features, request, timer, span);
        if (!verdict.IsCompletedSuccessfully)
        {
            return AnswerLaterAsync(features, verdict, timer);
        }

        Answer(features, verdict.Result, timer);
        return Task.CompletedTask;
    }

    private async Task AnswerLaterAsync(IFeatureCollection features, ValueTask<Verdict> verdict, StepTimer? timer) => Answer(features, await verdict, timer);

    private void Answer(IFeatureCollection features, Verdict verdict, StepTimer? timer)
    {
        image.Write(features, verdict, headersOnly: false);
        timer?.Done(Step.Answer);
    }

    /// <summary>Async, so that the span is nobody's current one when this returns before it has ended.</summary>
    private async Task TraceAsync(IFeatureCollection features, IHttpRequestFeature request, StepTimer? timer)
    {
        using Activity? span = tracing.Start(request);
        await ReceiveAsync(features, request, timer, span);
        BeaconTracing.Answered(span, features.GetRequiredFeature<IHttpResponseFeature>().StatusCode);
    }
}

internal static class PixelRoute
{
    /// <summary>
    /// Maps the pixel for servers that <see cref="PixelServer"/> does not stand before, and so that routing knows it: any
    /// other method is answered with 405.
    /// </summary>
    public static void MapPixel(this IEndpointRouteBuilder routes)
    {
        // Not before the start: that is when the settings it is made from are checked, all of them at once.
        var pixel = new Lazy<PixelEndpoint>(routes.ServiceProvider.GetRequiredService<PixelEndpoint>);
        routes.MapMethods(PixelEndpoint.Path, [HttpMethods.Get, HttpMethods.Head], http => pixel.Value.AnswerAsync(http.Features));
    }
}
