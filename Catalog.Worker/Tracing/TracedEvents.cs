using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Amazon.S3;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;
using Pixel.Events;
using Pixel.Events.Lake;

namespace Catalog.Worker.Tracing;

/// <summary>Finds the events of an object whose requests were traced, without reading the others.</summary>
internal sealed class TracedEvents(IAmazonS3 s3, IOptions<LakeOptions> lake)
{
    /// <summary>The most that are followed from one object.</summary>
    public const int MostOfAnObject = 32;

    // Lines have no index: what is searched is the beginning.
    private const int SearchedLines = 4 << 20;

    /// <summary>The contexts of an object's traced requests: Parquet, or lines of JSON, which may be compressed.</summary>
    public async Task<IReadOnlyList<ActivityContext>> ReadAsync(LakeObject found, AwsCalls calls, CancellationToken cancellationToken)
    {
        await using var parquet = await ParquetObject.OpenAsync(s3, lake.Value.LakeBucketName, found, calls, cancellationToken);
        return parquet is null
            ? await LinesAsync(found, calls, cancellationToken)
            : [.. (await parquet.ReadTextsAsync(Traceparent.Column, calls, cancellationToken)).Select(Parse).OfType<ActivityContext>().Take(MostOfAnObject)];
    }

    private async Task<IReadOnlyList<ActivityContext>> LinesAsync(LakeObject found, AwsCalls calls, CancellationToken cancellationToken)
    {
        using var answer = await calls.Of(s3.GetObjectAsync(lake.Value.LakeBucketName, found.Key, cancellationToken));
        await using var body = found.Key.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(answer.ResponseStream, CompressionMode.Decompress) : answer.ResponseStream;
        using var lines = new StreamReader(body, Encoding.UTF8);
        var contexts = new List<ActivityContext>();
        for (var searched = 0; searched < SearchedLines && contexts.Count < MostOfAnObject && await lines.ReadLineAsync(cancellationToken) is { } line; searched += line.Length)
        {
            if (Traceparent.TryRead(Encoding.UTF8.GetBytes(line), out var context))
            {
                contexts.Add(context);
            }
        }

        return contexts;
    }

    private static ActivityContext? Parse(string traceparent) =>
        ActivityContext.TryParse(traceparent, null, isRemote: true, out var context) ? context : null;
}
