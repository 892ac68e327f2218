using Cli.Bench.Load;

namespace Cli.Bench.Servers;

/// <summary>A server that answers something else than the image is not worth measuring.</summary>
internal static class PixelCheck
{
    private const int ImageLength = 43;

    /// <exception cref="CommandFailure">It does not answer the sample request with the image.</exception>
    public static async Task MustAnswerTheImageAsync(string server, int port, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}{SampleRequest.Path}?{SampleRequest.Query}");
        foreach (var (name, value) in SampleRequest.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await http.SendAsync(request, cancel);
        var body = await answer.Content.ReadAsByteArrayAsync(cancel);
        if ((int)answer.StatusCode != 200 || answer.Content.Headers.ContentType?.MediaType != "image/gif" || body.Length != ImageLength)
        {
            throw new CommandFailure($"{server} answered {(int)answer.StatusCode} with {body.Length} bytes of {answer.Content.Headers.ContentType?.MediaType ?? "nothing"}, not with the image.");
        }
    }
}
