// The ceiling: what Kestrel alone makes of the same request. It answers the beacon's image with the beacon's headers,
// and keeps, counts and logs nothing.

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

var app = builder.Build();
var gif = Convert.FromHexString("47494638396101000100800000000000FFFFFF21F90401000000002C00000000010001000002024401003B");
app.MapGet("/trackingpixel", (HttpContext http) =>
{
    var response = http.Response;
    response.ContentType = "image/gif";
    response.ContentLength = gif.Length;
    response.Headers.CacheControl = "no-store, no-cache, must-revalidate";
    response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
    return response.Body.WriteAsync(gif).AsTask();
});
app.Run();
