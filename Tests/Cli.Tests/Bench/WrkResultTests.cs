using Cli.Bench.Load;

namespace Cli.Tests.Bench;

public class WrkResultTests
{
    // As wrk 4.1.0 printed it with our script.
    private const string Output = """
        Running 3s test @ http://127.0.0.1:36123/
          1 threads and 64 connections
          Thread Stats   Avg      Stdev     Max   +/- Stdev
            Latency   719.55us  241.50us  12.36ms   91.05%
            Req/Sec    88.67k     4.02k   94.41k    73.33%
          264655 requests in 3.00s, 95.91MB read
        Requests/sec:  88146.71
        Transfer/sec:     31.94MB
        PIXEL {"requests":264655,"duration":3002423,"status":0,"socket":0,"p50":691,"p99":1502,"p999":2880,"max":12364}

        """;

    [Fact]
    public void The_scripts_line_is_read_with_all_its_numbers()
    {
        var result = WrkResult.Parse(Output);

        Assert.Equal((264_655, 0, 0), (result.Requests, result.NotOk, result.SocketErrors));
        Assert.Equal(TimeSpan.FromMicroseconds(3_002_423), result.Duration);
        Assert.Equal(88_147, Math.Round(result.PerSecond));
        Assert.Equal(new Latency(Microseconds(691), Microseconds(1502), Microseconds(2880), Microseconds(12_364)), result.Latency);

        static TimeSpan Microseconds(int number) => TimeSpan.FromMicroseconds(number);
    }

    [Fact]
    public void Refusals_and_broken_connections_are_not_lost_on_the_way()
    {
        var result = WrkResult.Parse(Output.Replace("\"status\":0,\"socket\":0", "\"status\":12,\"socket\":3", StringComparison.Ordinal));

        Assert.Equal((12, 3), (result.NotOk, result.SocketErrors));
    }

    [Fact]
    public void Output_without_a_result_is_shown()
    {
        var failure = Assert.Throws<CommandFailure>(() => WrkResult.Parse("unable to connect to 127.0.0.1:1 Connection refused\n"));

        Assert.Equal($"wrk printed no result:{Environment.NewLine}unable to connect to 127.0.0.1:1 Connection refused", failure.Message);
    }

    [Fact]
    public void The_sample_request_is_one_request_with_a_query_of_about_300_bytes()
    {
        var text = System.Text.Encoding.ASCII.GetString(SampleRequest.Bytes(8080));

        Assert.InRange(SampleRequest.Query.Length, 280, 340);
        Assert.StartsWith($"GET /trackingpixel?{SampleRequest.Query} HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n", text);
        Assert.EndsWith("\r\n\r\n", text);
        Assert.Equal(SampleRequest.Headers.Count + 4, text.Split("\r\n").Length);
    }
}
