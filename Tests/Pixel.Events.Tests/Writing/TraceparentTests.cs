using System.Diagnostics;
using System.Text;

namespace Pixel.Events.Tests.Writing;

public sealed class TraceparentTests
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void An_events_trace_is_a_column_and_is_read_off_its_line()
    {
        PixelEvent e = Written.New();
        e.Set(BuiltIn.PageHost, "example.com");
        e.Trace(Trace);

        Assert.Equal(Trace, Written.Read(e).GetProperty("traceparent").GetString());
        Assert.True(Traceparent.TryRead(e.WriteOpen().Span, out ActivityContext context));
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true), (context.TraceId.ToHexString(), context.SpanId.ToHexString(), context.IsRemote));
        Assert.Equal(ActivityTraceFlags.Recorded, context.TraceFlags);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"event_id":"0199","received_at":"2026-11-26T21:00:00.000Z","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}""")]
    [InlineData("""{"event_id":"01993c5e-0000-7000-8000-000000000000","received_at":"2026-11-26T21:00:00.000Z","traceparent":"zz-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}""")]
    [InlineData("""{"event_id":"01993c5e-0000-7000-8000-000000000000","received_at":"2026-11-26T21:00:00.000Z","traceparent":"00-0af7""")]
    public void What_is_no_event_of_ours_has_none(string line) => Assert.False(Traceparent.TryRead(Encoding.UTF8.GetBytes(line), out _));

    [Fact]
    public void No_text_of_a_visitor_passes_for_it()
    {
        PixelEvent e = Written.New();
        foreach (int place in new[] { BuiltIn.PageHost, BuiltIn.PagePath, BuiltIn.UserAgent, BuiltIn.Query })
        {
            e.Set(place, $"\",\"traceparent\":\"{Trace}");
        }

        e.Parameters.Add("traceparent"u8, Encoding.ASCII.GetBytes(Trace));

        Assert.False(Traceparent.TryRead(e.WriteOpen().Span, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("|1.2.")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")]
    public void What_is_no_trace_context_is_refused(string traceparent) => Assert.Throws<ArgumentException>(() => Written.New().Trace(traceparent));
}
