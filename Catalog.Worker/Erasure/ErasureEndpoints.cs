using System.Text.Json.Serialization;
using Catalog.Worker.Schema;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Pixel.Events;

namespace Catalog.Worker.Erasure;

/// <summary>Erasures over HTTP: ask for one, and see how far it is.</summary>
internal static class ErasureEndpoints
{
    public static void MapErasures(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/erasures", AskAsync);
        routes.MapGet("/erasures/{id}", FindAsync);
    }

    private static async Task<Results<JsonHttpResult<ErasureStatus>, JsonHttpResult<ErasureProblem>>> AskAsync(
        ErasureOrder order, Erasures erasures, IOptions<SchemaOptions> schema, IHostApplicationLifetime lifetime)
    {
        var asked = new[] { ("user_id", order.UserId), ("visitor_id", order.VisitorId), ("third_party", order.ThirdParty) }.Where(a => !string.IsNullOrEmpty(a.Item2)).ToList();
        if (asked is not [(var column, { } value)])
        {
            return Problem("Say whose events are to go, by exactly one of userId, visitorId and thirdParty.", StatusCodes.Status400BadRequest);
        }

        var field = EventSchema.Load(schema.Value.FieldFile is { Length: > 0 } file ? file : null).Fields.FirstOrDefault(f => f.Name == column);
        if (field is null && column != "visitor_id")
        {
            return Problem($"Events have no column {column}: the field file does not name it.", StatusCodes.Status400BadRequest);
        }

        if (field?.Default == value)
        {
            return Problem($"'{value}' is what events have that do not say their {column}: it names nobody.", StatusCodes.Status400BadRequest);
        }

        // As long as the beacon writes it. It is kept even when who asked hangs up.
        var written = field is null ? value : string.Concat(value.EnumerateRunes().Take(field.MaxLength));
        var request = await erasures.RequestAsync(column, written, lifetime.ApplicationStopping);
        return TypedResults.Json(ErasureStatus.Of(request), ErasureHttpJson.Default.ErasureStatus, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<Results<JsonHttpResult<ErasureStatus>, JsonHttpResult<ErasureProblem>>> FindAsync(
        string id, Erasures erasures, CancellationToken cancellationToken)
        => id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && await erasures.FindAsync(id, cancellationToken) is { } found
            ? TypedResults.Json(ErasureStatus.Of(found), ErasureHttpJson.Default.ErasureStatus)
            : Problem($"There is no erasure {id}.", StatusCodes.Status404NotFound);

    private static JsonHttpResult<ErasureProblem> Problem(string error, int status)
        => TypedResults.Json(new ErasureProblem(error), ErasureHttpJson.Default.ErasureProblem, statusCode: status);
}

/// <summary>What <c>POST /erasures</c> takes: exactly one of the three.</summary>
internal sealed record ErasureOrder(string? UserId, string? VisitorId, string? ThirdParty);

/// <summary>An erasure, without what would tell whose it is.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Column">By what the subject is named.</param>
/// <param name="RequestedAt">When it was asked for, UTC.</param>
/// <param name="Passes">How many passes have been made.</param>
/// <param name="Places">What was found and removed in each place.</param>
/// <param name="CompletedAt">When it was complete; null while events may still appear.</param>
/// <param name="Receipt">The signed receipt, then.</param>
internal sealed record ErasureStatus(
    string Id, string Column, DateTimeOffset RequestedAt, int Passes, IReadOnlyDictionary<string, ErasedPlace> Places, DateTimeOffset? CompletedAt, Receipt? Receipt)
{
    public static ErasureStatus Of(ErasureRequest request)
        => new(request.Id, request.Subject.Column, request.RequestedAt, request.Passes, request.Places, request.CompletedAt, request.Receipt);
}

/// <summary>Why a request was not carried out.</summary>
internal sealed record ErasureProblem(string Error);

[JsonSerializable(typeof(ErasureOrder))]
[JsonSerializable(typeof(ErasureStatus))]
[JsonSerializable(typeof(ErasureProblem))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ErasureHttpJson : JsonSerializerContext;
