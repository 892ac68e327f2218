using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Bench.Sink;

/// <summary>
/// One client's connection, served by a thread of its own that blocks: <c>POST /</c> is Firehose's <c>PutRecordBatch</c>, and
/// every record is taken; <c>GET /tally</c> answers with the counts. As much of HTTP/1.1 as the beacon and the benchmark
/// speak: bodies have a Content-Length, and a request follows the answer to the one before.
/// </summary>
internal sealed class Connection(Socket socket, Tally tally)
{
    private const string Target = "Firehose_20150804.PutRecordBatch";
    private const int LongestHead = 64 << 10;

    // A put carries up to 4 MiB, which is a third more in base64.
    private const int LongestBody = 16 << 20;

    private byte[] _buffer = new byte[LongestHead];

    /// <summary>Until the client closes it, or sends what is no request.</summary>
    public void Serve()
    {
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                while (ReadHead() is { } head && Answer(head))
                {
                }

                // Closed with something unread, the connection would be reset, and the last answer lost with it.
                socket.Shutdown(SocketShutdown.Send);
                while (socket.Receive(_buffer) > 0)
                {
                }
            }
            catch (SocketException)
            {
                // The client is gone.
            }
        }
    }

    /// <summary>Up to the empty line; what came behind it, of the body, is left in the buffer.</summary>
    /// <returns>Null at the connection's end.</returns>
    private Head? ReadHead()
    {
        var filled = 0;
        while (filled < LongestHead)
        {
            if (socket.Receive(_buffer.AsSpan(filled, LongestHead - filled)) is var read && read == 0)
            {
                return null;
            }

            filled += read;
            if (_buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) is var end and >= 0)
            {
                return new Head(Encoding.Latin1.GetString(_buffer, 0, end), end + 4, filled);
            }
        }

        return null;
    }

    /// <returns>Whether another request may follow.</returns>
    private bool Answer(Head head)
    {
        if (head.Line.StartsWith("GET /tally ", StringComparison.Ordinal))
        {
            Send("200 OK", "application/json", tally.ToJson());
            return true;
        }

        if (!head.Line.StartsWith("POST / ", StringComparison.Ordinal) || head.Header("X-Amz-Target") != Target
            || !int.TryParse(head.Header("Content-Length"), CultureInfo.InvariantCulture, out var length) || length is < 0 or > LongestBody)
        {
            Refuse("UnknownOperationException", $"Only {Target} with a Content-Length of at most {LongestBody} is understood.", isLast: true);
            return false; // where its body ends is not known
        }

        try
        {
            var batch = Batch.Read(ReadBody(head, length));
            tally.Add(batch);
            Send("200 OK", "application/x-amz-json-1.1", Taken(batch.Records));
            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            Refuse("SerializationException", error.Message, isLast: false);
            return true;
        }
    }

    private ReadOnlySpan<byte> ReadBody(Head head, int length)
    {
        if (_buffer.Length < head.BodyAt + length)
        {
            Array.Resize(ref _buffer, head.BodyAt + length);
        }

        var body = _buffer.AsSpan(head.BodyAt, length);
        for (var there = head.Filled - head.BodyAt; there < length;)
        {
            var read = socket.Receive(body[there..]);
            there += read > 0 ? read : throw new SocketException((int)SocketError.ConnectionReset);
        }

        return body;
    }

    private static byte[] Taken(int records) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        FailedPutCount = 0,
        Encrypted = false,
        RequestResponses = Enumerable.Range(0, records).Select(number => new { RecordId = number.ToString(CultureInfo.InvariantCulture) }),
    });

    private void Refuse(string code, string message, bool isLast) =>
        Send("400 Bad Request", "application/x-amz-json-1.1", JsonSerializer.SerializeToUtf8Bytes(new { __type = code, message }), isLast);

    private void Send(string status, string contentType, byte[] body, bool isLast = false)
    {
        var head = string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status}\r\nContent-Type: {contentType}\r\nContent-Length: {body.Length}\r\n{(isLast ? "Connection: close\r\n" : "")}\r\n");
        socket.Send([.. Encoding.ASCII.GetBytes(head), .. body]);
    }

    /// <param name="Text">The request's line and headers.</param>
    /// <param name="BodyAt">Where the body begins in the buffer.</param>
    /// <param name="Filled">Where what has been received ends.</param>
    private sealed record Head(string Text, int BodyAt, int Filled)
    {
        private readonly string[] _lines = Text.Split("\r\n");

        public string Line => _lines[0];

        public string? Header(string name) =>
            _lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)) is { } line ? line[(name.Length + 1)..].Trim() : null;
    }
}
