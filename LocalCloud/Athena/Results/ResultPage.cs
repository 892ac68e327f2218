using System.Globalization;
using System.Text;
using LocalCloud.Protocol;

namespace LocalCloud.Athena.Results;

/// <summary>
/// Reads a page of rows out of a result's file. A page's token is the byte where the next row begins, so that the last
/// page is as quick as the first.
/// </summary>
internal static class ResultPage
{
    public static (List<string?[]> Rows, string? Next) Read(Stream file, bool csv, string? token, int limit)
    {
        var rows = new List<string?[]>();
        var reader = new ByteReader(file, Offset(token, file.Length));
        while (!reader.AtEnd && rows.Count < limit)
        {
            rows.Add(csv ? Row(reader) : [Line(reader)]);
        }

        return (rows, reader.AtEnd ? null : Convert.ToBase64String(Encoding.ASCII.GetBytes(reader.Position.ToString(CultureInfo.InvariantCulture))));
    }

    private static long Offset(string? token, long length)
    {
        if (token is null)
        {
            return 0;
        }

        Span<byte> bytes = stackalloc byte[32];
        return Convert.TryFromBase64String(token, bytes, out var written) && long.TryParse(bytes[..written], NumberStyles.None, CultureInfo.InvariantCulture, out var offset) && offset <= length
            ? offset
            : throw new AwsException("InvalidRequestException", "Invalid NextToken");
    }

    private static string Line(ByteReader reader)
    {
        var bytes = new List<byte>();
        for (var b = reader.Next(); b is >= 0 and not '\n'; b = reader.Next())
        {
            bytes.Add((byte)b);
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static string?[] Row(ByteReader reader)
    {
        var values = new List<string?>();
        while (true)
        {
            var b = reader.Next();
            if (b == '"')
            {
                values.Add(Quoted(reader));
                b = reader.Next();
            }
            else
            {
                values.Add(null);
            }

            if (b != ',')
            {
                return [.. values];
            }
        }
    }

    private static string Quoted(ByteReader reader)
    {
        var bytes = new List<byte>();
        while (true)
        {
            var b = reader.Next();
            if (b == '"')
            {
                if (reader.Peek() != '"')
                {
                    return Encoding.UTF8.GetString([.. bytes]);
                }

                reader.Next();
            }
            else if (b < 0)
            {
                throw new InvalidDataException("A result's file ends within a value.");
            }

            bytes.Add((byte)b);
        }
    }

    private sealed class ByteReader
    {
        private readonly Stream _file;
        private readonly byte[] _buffer = new byte[64 * 1024];
        private long _start;
        private int _at;
        private int _length;

        public ByteReader(Stream file, long offset)
        {
            _file = file;
            _file.Position = _start = offset;
            Fill();
        }

        public long Position => _start + _at;

        public bool AtEnd => _at == _length;

        public int Peek() => AtEnd ? -1 : _buffer[_at];

        public int Next()
        {
            if (AtEnd)
            {
                return -1;
            }

            var b = _buffer[_at++];
            if (_at == _length)
            {
                Fill();
            }

            return b;
        }

        private void Fill()
        {
            _start += _at;
            _at = 0;
            _length = _file.Read(_buffer);
        }
    }
}
