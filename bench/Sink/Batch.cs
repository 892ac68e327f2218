using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Bench.Sink;

/// <summary>What one put brought.</summary>
internal sealed class Batch
{
    // From Firehose's price page: each record is billed as if it had the next multiple of 5 KB.
    private const int BillingStep = 5 << 10;

    private readonly List<(string Beacon, long Number)> _numbers = [];

    /// <summary>Firehose records.</summary>
    public int Records { get; private set; }

    /// <summary>Lines in them.</summary>
    public int Events { get; private set; }

    /// <summary>Bytes of the records before base64.</summary>
    public long Bytes { get; private set; }

    /// <summary>The bytes that Firehose would bill for them.</summary>
    public long BilledBytes { get; private set; }

    /// <summary>The bytes that it would bill if each event were a record of its own.</summary>
    public long BilledBytesAlone { get; private set; }

    /// <summary>Each numbered event's <c>beacon_id</c> and <c>beacon_seq</c>.</summary>
    public IReadOnlyList<(string Beacon, long Number)> Numbers => _numbers;

    /// <summary>Reads the body of a <c>PutRecordBatch</c>.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A record's text is no Unicode.</exception>
    /// <exception cref="FormatException">A record is not base64.</exception>
    public static Batch Read(ReadOnlySpan<byte> body)
    {
        var batch = new Batch();
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("Data"u8) && reader.Read())
            {
                batch.Record(ref reader);
            }
        }

        return batch;
    }

    private void Record(ref Utf8JsonReader reader)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        var escaped = reader.ValueIsEscaped ? ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length) : null; // a writer may escape + and /
        try
        {
            // Into another buffer: in place the runtime decodes byte by byte, and the beacon would wait for this.
            var text = escaped is null ? reader.ValueSpan : escaped.AsSpan(0, reader.CopyString(escaped));
            if (Base64.DecodeFromUtf8(text, buffer, out _, out var decoded) != OperationStatus.Done)
            {
                throw new FormatException("A record's Data is not base64.");
            }

            Records++;
            Bytes += decoded;
            BilledBytes += Billed(decoded);
            Lines(buffer.AsSpan(0, decoded));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (escaped is not null)
            {
                ArrayPool<byte>.Shared.Return(escaped);
            }
        }
    }

    private void Lines(ReadOnlySpan<byte> record)
    {
        while (!record.IsEmpty)
        {
            var end = record.IndexOf((byte)'\n');
            var line = end < 0 ? record : record[..(end + 1)];
            Events++;
            BilledBytesAlone += Billed(line.Length);
            if (NumberOf(line) is { } number)
            {
                _numbers.Add(number);
            }

            record = record[line.Length..];
        }
    }

    /// <summary>
    /// Looked for from the end, where the journal writes it. What a visitor sends cannot be taken for it: a quote inside
    /// a JSON text has a backslash before it.
    /// </summary>
    private (string Beacon, long Number)? NumberOf(ReadOnlySpan<byte> line)
    {
        var id = After(line, "\"beacon_id\":\""u8);
        return id.IndexOf((byte)'"') is var end and > 0 && Utf8Parser.TryParse(After(line, "\"beacon_seq\":"u8), out long number, out _)
            ? (Name(id[..end]), number)
            : null;
    }

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key) =>
        line.LastIndexOf(key) is var at and >= 0 ? line[(at + key.Length)..] : [];

    /// <summary>The text of an id, made once for all the events that follow each other with it.</summary>
    private string Name(ReadOnlySpan<byte> id)
    {
        if (_numbers is [.., var (last, _)] && Ascii.Equals(id, last))
        {
            return last;
        }

        return Encoding.UTF8.GetString(id);
    }

    private static long Billed(int bytes) => (bytes + BillingStep - 1L) / BillingStep * BillingStep;
}
