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

        foreach (FieldPlan field in plan.Fields)
        {
            if (!(refused && field.Identifies))
            {
                SetField(draft, field, refused);
            }
        }

        KeepQuery(draft, refused);
        KeepParameters(draft, refused);
    }

    private static void SetField(Draft draft, FieldPlan field, bool refused)
    {
        PixelEvent e = draft.Event;
        foreach (SourcePlan source in field.Sources)
        {
            if (!HasValue(draft, source, refused, out int parameter, out StringValues text))
            {
                continue;
            }

            if (parameter < 0)
            {
                HeaderText.TrySet(e, field.Place, text);
            }
            else
            {
                ref QueryParameter found = ref draft.Parameters[parameter];
                found.Taken |= e.TrySet(field.Place, draft.Parameters.Value(found));
            }

            if (refused)
            {
                UrlReduction.Reduce(e, field.Place);
            }

            return;
        }

        if (field.Default is not null)
        {
            e.TrySet(field.Place, field.Default);
        }
    }

    private static bool HasValue(Draft draft, SourcePlan source, bool refused, out int parameter, out StringValues text)
    {
        parameter = -1;
        text = default;
        switch (source.Kind)
        {
            case FieldSourceKind.Query:
                parameter = draft.Parameters.First(source.Number);
                return parameter >= 0;
            case FieldSourceKind.Header:
                text = draft.Headers[source.Name];
                return text.Count > 1 || (text.Count == 1 && text[0] is { Length: > 0 });
            default:
                text = refused ? null : CookieText.Find(draft.Headers.Cookie, source.Name);
                return text is [{ Length: > 0 }];
        }
    }

    private static void KeepQuery(Draft draft, bool refused)
    {
        ReadOnlySpan<char> raw = draft.RawQuery;
        if (raw.IsEmpty)
        {
            return;
        }

        if (!refused)
        {
            draft.Event.Set(BuiltIn.Query, raw);
            return;
        }

        char[] reduced = ArrayPool<char>.Shared.Rent(raw.Length);
        int length = QueryReduction.Reduce(raw, draft.Parameters, reduced);
        if (length > 0)
        {
            draft.Event.Set(BuiltIn.Query, reduced.AsSpan(0, length));
        }

        ArrayPool<char>.Shared.Return(reduced);
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

            ReadOnlySpan<byte> value = parameters.Value(parameter);
            draft.Event.Parameters.Add(parameters.Key(parameter), refused ? UrlReduction.Reduce(value) : value);
        }
    }
}
