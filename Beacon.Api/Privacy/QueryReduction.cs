using Beacon.Api.Extraction;

namespace Beacon.Api.Privacy;

/// <summary>
/// The raw query without what identifies the visitor: identifying parameters are gone with their names, addresses are
/// reduced as <see cref="UrlReduction"/> has it, and everything else stays exactly as it came.
/// </summary>
internal static class QueryReduction
{
    /// <summary>Writes the reduced query, and sets for each parameter how much of its value may be kept anywhere, and where it stands there.</summary>
    /// <param name="parameters">The query's parameters.</param>
    /// <param name="reduced">Room for as much as came.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Reduce(QueryParameters parameters, Span<byte> reduced)
    {
        int written = 0;
        int mark = -1;
        for (int i = 0; i < parameters.Count; i++)
        {
            ref QueryParameter parameter = ref parameters[i];
            if (mark < parameter.RawStart)
            {
                // Most parameters have none: looking for the next one passes over them together.
                int distance = UrlReduction.IndexOfMark(parameters.Raw[parameter.RawStart..]);
                mark = distance < 0 ? int.MaxValue : parameter.RawStart + distance;
            }

            if (mark < parameter.RawStart + parameter.RawLength)
            {
                parameter.KeptLength = UrlReduction.Reduce(parameters.Value(parameter)).Length;
            }

            if (parameters.Identifies(parameter))
            {
                parameter.KeptStart = -1;
                continue;
            }

            int name = parameter.RawValue - parameter.RawStart;
            ReadOnlySpan<byte> pair = parameters.Raw.Slice(parameter.RawStart, parameter.RawLength);
            if (parameter.KeptLength < parameter.ValueLength)
            {
                pair = pair[..(name + PercentEncoding.RawLength(pair[name..], parameter.KeptLength))];
            }

            if (written > 0)
            {
                reduced[written++] = (byte)'&';
            }

            parameter.KeptStart = parameter.KeptStart < 0 ? -1 : written + name;
            pair.CopyTo(reduced[written..]);
            written += pair.Length;
        }

        return written;
    }
}
