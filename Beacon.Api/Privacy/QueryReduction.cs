using Beacon.Api.Extraction;

namespace Beacon.Api.Privacy;

/// <summary>
/// The raw query without what identifies the visitor: identifying parameters are gone with their names, addresses are
/// reduced as <see cref="UrlReduction"/> has it, and everything else stays exactly as it came.
/// </summary>
internal static class QueryReduction
{
    /// <summary>Writes the reduced query.</summary>
    /// <param name="parameters">The query's parameters.</param>
    /// <param name="reduced">Room for as much as came.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Reduce(QueryParameters parameters, Span<byte> reduced)
    {
        int written = 0;
        for (int i = 0; i < parameters.Count; i++)
        {
            ref readonly QueryParameter parameter = ref parameters[i];
            if (parameters.Identifies(parameter))
            {
                continue;
            }

            ReadOnlySpan<byte> pair = parameters.Raw.Slice(parameter.RawStart, parameter.RawLength);
            int keep = UrlReduction.Reduce(parameters.Value(parameter)).Length;
            if (keep < parameter.ValueLength)
            {
                int name = parameter.RawValue - parameter.RawStart;
                pair = pair[..(name + PercentEncoding.RawLength(pair[name..], keep))];
            }

            if (written > 0)
            {
                reduced[written++] = (byte)'&';
            }

            pair.CopyTo(reduced[written..]);
            written += pair.Length;
        }

        return written;
    }
}
