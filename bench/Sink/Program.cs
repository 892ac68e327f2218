// Stands behind the beacon in a benchmark: speaks as much of Firehose as the beacon asks for, and counts what arrives.
// LocalCloud would do it too, but it buffers and converts, and would be what is measured.
using Bench.Sink;

var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]); // else it watches the beacon's journal
builder.Logging.ClearProviders();
// A put carries up to 4 MiB, which is a third more in base64.
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 16 << 20);

var app = builder.Build();
var tally = new Tally();
app.MapPost("/", (HttpContext http) => PutEndpoint.TakeAsync(http, tally));
app.MapGet("/tally", (HttpContext http) => tally.WriteAsync(http.Response));
app.Run();
