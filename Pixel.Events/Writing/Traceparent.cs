using System.Diagnostics;
using System.Text;

namespace Pixel.Events;

/// <summary>
/// Reads the column <c>traceparent</c> off a written event, so that whoever passes the event on can go on with the trace of
/// its request.
/// </summary>
/// <remarks>
/// The column, alone of all, has a fixed place in the line, behind <c>event_id</c> and <c>received_at</c>, which are always
/// there and always as long. So looking for it costs a comparison, and no text that a visitor sent can pass for it.
/// </remarks>
public static class Traceparent
{
    /// <summary>The column's name.</summary>
    public const string Column = "traceparent";

    /// <summary>Characters of a trace context of version 00 (https://www.w3.org/TR/trace-context/#traceparent-header).</summary>
    public const int Length = 55;

    private static readonly byte[] Name = [.. JsonLine.Name(Column), (byte)'"'];

    // {"event_id":"0199…","received_at":"2026-11-26T21:00:00.000Z"
    private static readonly int Place =
        JsonLine.Name(BuiltIn.Columns[BuiltIn.EventId].Name).Length + 36 + 2 + JsonLine.Name(BuiltIn.Columns[BuiltIn.ReceivedAt].Name).Length + 24 + 2;

    /// <summary>The context of an event's request.</summary>
    /// <param name="line">One event as <see cref="PixelEvent.WriteOpen"/> wrote it, with or without what follows.</param>
    /// <param name="context">The context, a remote one.</param>
    /// <returns>False when the event was not traced, or is not of this product.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, out ActivityContext context)
    {
        context = default;
        return line.Length > Place + Name.Length + Length
            && line.Slice(Place, Name.Length).SequenceEqual(Name)
            && ActivityContext.TryParse(Encoding.ASCII.GetString(line.Slice(Place + Name.Length, Length)), null, isRemote: true, out context);
    }
}
