namespace Pixel.Events;

/// <summary>
/// How much one event may hold. Firehose takes at most 1,000 KiB a record and an event is never split over two, so
/// the limits are chosen such that the largest possible event, every character escaped, still fits; a test writes it.
/// </summary>
/// <remarks>
/// JSON needs at most six bytes for one byte of UTF-8 (a control character as <c>\u0001</c>), and at most twelve for
/// one character (a surrogate pair). That makes: fields 12 × 44,000 = 516 KiB, the query as JSON 256 KiB, parameters
/// 6 × 16 Ki + 256 × 6 = 98 KiB, built-in texts 12 × 5,500 = 65 KiB, names and punctuation 40 KiB.
/// </remarks>
public static class EventLimits
{
    /// <summary>The longest written event in bytes, without <see cref="Tail"/>.</summary>
    public const int OpenEvent = Record - Tail;

    /// <summary>Bytes that the journal may add to an open event: beacon, sequence, closing brace, line feed.</summary>
    public const int Tail = 256;

    /// <summary>The most bytes in one Firehose record.</summary>
    public const int Record = 1000 * 1024;

    /// <summary>The most fields in a field file.</summary>
    public const int Fields = 200;

    /// <summary>The most characters one field may ask for.</summary>
    public const int FieldLength = 16 * 1024;

    /// <summary>The most characters all text fields together may ask for.</summary>
    public const int FieldCharacters = 44_000;

    /// <summary>The most bytes of a kept query. Ten thousand short parameters fit.</summary>
    public const int Query = 128 * 1024;

    /// <summary>The most bytes of a kept query when it is written as JSON: twice <see cref="Query"/>, so that only a large one full of control characters is cut.</summary>
    public const int QueryJson = 2 * Query;

    /// <summary>The most parameters in <c>params</c>, counted by distinct key.</summary>
    public const int Parameters = 256;

    /// <summary>The most bytes of a key in <c>params</c>, in UTF-8.</summary>
    public const int ParameterKey = 128;

    /// <summary>The most bytes of one value in <c>params</c>, in UTF-8, before values of one key are joined.</summary>
    public const int ParameterValue = 4096;

    /// <summary>The most bytes in <c>params</c>, keys and values, in UTF-8.</summary>
    public const int ParameterBytes = 16 * 1024;
}
