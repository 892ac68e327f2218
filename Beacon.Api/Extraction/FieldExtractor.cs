using System.Buffers;
using Beacon.Api.Privacy;
using Microsoft.Extensions.Primitives;
using Pixel.Events;

namespace Beacon.Api.Extraction;

/// <summary>
/// Fills the columns that come straight from the request: the field file's, <c>user_agent</c>, <c>consent</c>,
/// <c>query</c> and <c>params</c>.
/// </summary>
/// <remarks>
/// A parameter whose value a column has is <em>taken</em>; every other one goes to <c>params</c>: those that no field
/// names, a second value of one that a field names, and a value that is not of its field's type.
/// When the visitor refuses, identifying fields and parameters are left out, addresses of pages lose what is behind
/// their path, and cookies are not read.
/// </remarks>
internal sealed class FieldExtractor(ExtractionPlan plan)
{
    public void Extract(Draft draft)
    {
        PixelEvent e = draft.Event;
        bool refused = !draft.Consent.MayIdentify();
        e.TrySet(BuiltIn.Consent, draft.Consent.ToUtf8());
        if (draft.Headers.UserAgent is [{ Length: > 0 }, ..] userAgent)
        {
            HeaderText.TrySet(e, BuiltIn.UserAgent, userAgent);
        }

        KeepQuery(draft, refused);
        foreach (FieldPlan field in plan.Fields)
        {
            if (!(refused && field.Identifies))
            {
                SetField(draft, field, refused);
            }
        }

        KeepMissingColumns(e);
        KeepParameters(draft, refused);
    }

    // Before the parameters, which may have the same name and fill what there is room for.
    private void KeepMissingColumns(PixelEvent e)
    {
        if (plan.NotInTable.Length == 0)
        {
            return;
        }

        Span<byte> formatted = stackalloc byte[PixelEvent.LongestFormatted];
        foreach (MissingColumn column in plan.NotInTable)
        {
            if (e.IsNull(column.Place))
            {
                continue;
            }

            ReadOnlySpan<byte> text = e.Text(column.Place);
            e.Parameters.Add(column.Name, text.IsEmpty ? formatted[..e.Format(column.Place, formatted)] : text);
        }
    }

    private static void SetField(Draft draft, FieldPlan field, bool refused)
    {
        foreach (SourcePlan source in field.Sources)
        {
            if (source.Kind == FieldSourceKind.Query ? HasParameter(draft, field, source) : HasHeader(draft, field, source, refused))
            {
                return;
            }
        }

        if (field.Default is not null)
        {
            draft.Event.TrySet(field.Place, field.Default);
        }
    }

    /// <summary>Sets the column when the query has a value, which need not be of the column's type.</summary>
    /// <returns>False when the next source is to be asked.</returns>
    private static bool HasParameter(Draft draft, FieldPlan field, SourcePlan source)
    {
        int first = draft.Parameters.First(source.Number);
        if (first < 0)
        {
            return false;
        }

        PixelEvent e = draft.Event;
        ref QueryParameter parameter = ref draft.Parameters[first];
        if (!field.IsText)
        {
            parameter.Taken |= e.TrySet(field.Place, draft.Parameters.Value(parameter));
            return true;
        }

        parameter.Taken = true;
        int end = parameter.KeptStart + parameter.KeptLength;
        if (parameter.KeptLength == 0)
        {
            return true; // nothing of it may be kept
        }

        if (parameter.KeptStart >= 0 && end <= e.Text(BuiltIn.Query).Length)
        {
            // As most values do, it stands in the kept query as it is.
            e.TrySet(field.Place, BuiltIn.Query, parameter.KeptStart..end);
        }
        else
        {
            e.TrySet(field.Place, draft.Parameters.Kept(parameter));
        }

        return true;
    }

    /// <inheritdoc cref="HasParameter"/>
    private static bool HasHeader(Draft draft, FieldPlan field, SourcePlan source, bool refused)
    {
        PixelEvent e = draft.Event;
        if (source.Kind == FieldSourceKind.Cookie)
        {
            ReadOnlySpan<char> cookie = refused ? default : CookieText.Find(draft.Headers.Cookie, source.Name);
            if (!cookie.IsEmpty)
            {
                HeaderText.TrySet(e, field.Place, cookie);
            }

            return !cookie.IsEmpty;
        }

        StringValues header = draft.Headers[source.Name];
        if (!HeaderText.HasValue(header))
        {
            return false;
        }

        HeaderText.TrySet(e, field.Place, header);
        if (refused)
        {
            UrlReduction.Reduce(e, field.Place);
        }

        return true;
    }

    private static void KeepQuery(Draft draft, bool refused)
    {
        ReadOnlySpan<byte> raw = draft.Parameters.Raw;
        if (raw.IsEmpty)
        {
            return;
        }

        if (!refused)
        {
            draft.Event.TrySet(BuiltIn.Query, raw);
            return;
        }

        byte[] reduced = ArrayPool<byte>.Shared.Rent(raw.Length);
        int length = QueryReduction.Reduce(draft.Parameters, reduced);
        if (length > 0)
        {
            draft.Event.TrySet(BuiltIn.Query, reduced.AsSpan(0, length));
        }

        ArrayPool<byte>.Shared.Return(reduced);
    }

    private static void KeepParameters(Draft draft, bool refused)
    {
        QueryParameters parameters = draft.Parameters;
        for (int i = 0; i < parameters.Count; i++)
        {
            ref readonly QueryParameter parameter = ref parameters[i];
            bool known = parameter.Number >= 0;
            if (parameter.Taken || (known && parameter.ValueLength == 0) || (refused && parameters.Identifies(parameter)))
            {
                continue;
            }

            draft.Event.Parameters.Add(parameters.Key(parameter), parameters.Kept(parameter));
        }
    }
}
