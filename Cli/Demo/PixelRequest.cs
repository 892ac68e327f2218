namespace Cli.Demo;

/// <summary>One load of the pixel, as a browser would send it.</summary>
/// <param name="Id">What tells this request from every other of the run; it is the value of the parameter <c>cb</c>, the cache buster that real tags carry.</param>
/// <param name="Query">The query string without its question mark, escaped.</param>
/// <param name="Headers">User-Agent, Accept-Language, Referer and so on; a header that the client would not send is absent.</param>
public sealed record PixelRequest(string Id, string Query, IReadOnlyList<KeyValuePair<string, string>> Headers);
