using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;

namespace LocalCloud.Athena.Scanning;

/// <summary>
/// Reads JSON as the OpenX SerDe does where DuckDB does not: keys without regard to case, one object a line with whatever follows it
/// ignored, a key twice or a line that is no object an error. A file that is plain already is linked; any other is written anew
/// into the query's folder. Which it is, is remembered by the body's path, since a body never changes.
/// </summary>
internal sealed class JsonLines
{
    private const int MostFiles = 200_000;

    private readonly ConcurrentDictionary<string, bool> _plain = new(StringComparer.Ordinal);

    /// <summary>Makes the file readable at <paramref name="path"/>, without an extension; answers the path it is at.</summary>
    /// <param name="body">The body file.</param>
    /// <param name="zipped">Whether it is gzip.</param>
    /// <param name="path">Where it is to be.</param>
    /// <param name="skipMalformed">The SerDe's <c>ignore.malformed.json</c>: such lines become rows of nulls.</param>
    /// <exception cref="QueryFailure">The file cannot be read, as Athena words it.</exception>
    public string Place(string body, bool zipped, string path, bool skipMalformed)
    {
        if (_plain.TryGetValue(body, out var known) && known)
        {
            return Link(body, zipped, path);
        }

        var content = Read(body, zipped);
        var plain = !_plain.ContainsKey(body) && IsPlain(content.Span);
        if (_plain.Count >= MostFiles)
        {
            _plain.Clear();
        }

        _plain[body] = plain;
        if (plain)
        {
            return Link(body, zipped, path);
        }

        using var file = File.Create(path);
        Rewrite(content, file, skipMalformed);
        return path;
    }

    private static string Link(string body, bool zipped, string path)
    {
        var named = path + (zipped ? ".gz" : "");
        HardLinks.Create(named, body);
        return named;
    }

    private static ReadOnlyMemory<byte> Read(string body, bool zipped)
    {
        if (!zipped)
        {
            return File.ReadAllBytes(body);
        }

        using var file = File.OpenRead(body);
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }

    private static bool IsPlain(ReadOnlySpan<byte> content)
    {
        foreach (var range in content.Split((byte)'\n'))
        {
            var line = content[range].Trim(" \t\r"u8);
            if (line.Length > 0 && !IsPlainLine(line))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPlainLine(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName
                    && (reader.ValueIsEscaped || reader.ValueSpan.ContainsAnyInRange((byte)'A', (byte)'Z') || reader.ValueSpan.ContainsAnyInRange((byte)0x80, (byte)0xff)))
                {
                    return false;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Rewrite(ReadOnlyMemory<byte> content, Stream file, bool skipMalformed)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        foreach (var range in content.Span.Split((byte)'\n'))
        {
            var (offset, length) = range.GetOffsetAndLength(content.Length);
            var line = content.Slice(offset, length).Trim(" \t\r"u8);
            if (line.IsEmpty)
            {
                continue;
            }

            buffer.ResetWrittenCount();
            try
            {
                var reader = new Utf8JsonReader(line.Span);
                using var value = JsonDocument.ParseValue(ref reader);
                if (value.RootElement.ValueKind != JsonValueKind.Object)
                {
                    throw new JsonException("A JSONObject text must begin with '{'");
                }

                using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
                Write(value.RootElement, writer);
            }
            catch (JsonException problem)
            {
                if (!skipMalformed)
                {
                    throw new QueryFailure(QueryError.BadData, $"Row is not a valid JSON Object - JSONException: {problem.Message}", problem);
                }

                buffer.ResetWrittenCount();
                buffer.Write("{}"u8);
            }

            buffer.Write("\n"u8);
            file.Write(buffer.WrittenSpan);
        }
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var property in element.EnumerateObject())
                {
                    var name = property.Name.ToLowerInvariant();
                    if (!names.Add(name))
                    {
                        throw new JsonException($"Duplicate key \"{name}\"");
                    }

                    writer.WritePropertyName(name);
                    Write(property.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(item, writer);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
