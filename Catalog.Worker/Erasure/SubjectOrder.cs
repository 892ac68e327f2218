using Catalog.Worker.Schema;
using Pixel.Events;

namespace Catalog.Worker.Erasure;

/// <summary>Whom a request is about: exactly one of the three.</summary>
internal sealed record SubjectOrder(string? UserId, string? VisitorId, string? ThirdParty)
{
    /// <summary>Reads whose events are meant, as events have it.</summary>
    /// <returns>The column and its value as the beacon writes it, or one sentence that says what is wrong.</returns>
    public (string Column, string Value, string? Problem) Read(SchemaOptions schema)
    {
        var asked = new[] { ("user_id", UserId), ("visitor_id", VisitorId), ("third_party", ThirdParty) }.Where(a => !string.IsNullOrEmpty(a.Item2)).ToList();
        if (asked is not [(var column, { } value)])
        {
            return ("", "", "Say whose events are meant, by exactly one of userId, visitorId and thirdParty.");
        }

        if (column == "visitor_id")
        {
            return (column, value, null);
        }

        var field = EventSchema.Load(schema.FieldFile is { Length: > 0 } file ? file : null).Fields.FirstOrDefault(f => f.Name == column);
        return field switch
        {
            null => ("", "", $"Events have no column {column}: the field file does not name it."),
            { Default: { } nobody } when nobody == value => ("", "", $"'{value}' is what events have that do not say their {column}: it names nobody."),

            // A beacon cuts what is longer.
            _ => (column, string.Concat(value.EnumerateRunes().Take(field.MaxLength)), null),
        };
    }
}
