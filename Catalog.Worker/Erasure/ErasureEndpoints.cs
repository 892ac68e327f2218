using System.Text.Json.Serialization;
using Catalog.Worker.Schema;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

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
        SubjectOrder order, Erasures erasures, LineFiles lines, IOptions<SchemaOptions> schema, IHostApplicationLifetime lifetime)
    {
        var (column, value, problem) = order.Read(schema.Value);
        if (problem is not null)
        {
            return Problem(problem, StatusCodes.Status400BadRequest);
        }

        // It is kept even when who asked hangs up.
        var request = await erasures.RequestAsync(column, value, lifetime.ApplicationStopping);
        return TypedResults.Json(ErasureStatus.Of(request, lines.NotSearched), ErasureHttpJson.Default.ErasureStatus, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<Results<JsonHttpResult<ErasureStatus>, JsonHttpResult<ErasureProblem>>> FindAsync(
        string id, Erasures erasures, LineFiles lines, CancellationToken cancellationToken)
        => id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && await erasures.FindAsync(id, cancellationToken) is { } found
            ? TypedResults.Json(ErasureStatus.Of(found, lines.NotSearched), ErasureHttpJson.Default.ErasureStatus)
            : Problem($"There is no erasure {id}.", StatusCodes.Status404NotFound);

    private static JsonHttpResult<ErasureProblem> Problem(string error, int status)
        => TypedResults.Json(new ErasureProblem(error), ErasureHttpJson.Default.ErasureProblem, statusCode: status);
}

/// <summary>An erasure, without what would tell whose it is.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Column">By what the subject is named.</param>
/// <param name="RequestedAt">When it was asked for, UTC.</param>
/// <param name="Passes">How many passes have been made.</param>
/// <param name="Places">What was found and removed in each place.</param>
/// <param name="NotSearched">The places that this worker has no way to, in the words of <see cref="LineFiles.NotSearched"/>.</param>
/// <param name="CompletedAt">When it was complete; null while events may still appear.</param>
/// <param name="Receipt">The signed receipt, then.</param>
internal sealed record ErasureStatus(
    string Id, string Column, DateTimeOffset RequestedAt, int Passes, IReadOnlyDictionary<string, ErasedPlace> Places, IReadOnlyList<string> NotSearched,
    DateTimeOffset? CompletedAt, Receipt? Receipt)
{
    public static ErasureStatus Of(ErasureRequest request, IReadOnlyList<string> notSearched)
        => new(request.Id, request.Subject.Column, request.RequestedAt, request.Passes, request.Places, notSearched, request.CompletedAt, request.Receipt);
}

/// <summary>Why a request was not carried out.</summary>
internal sealed record ErasureProblem(string Error);

[JsonSerializable(typeof(SubjectOrder))]
[JsonSerializable(typeof(ErasureStatus))]
[JsonSerializable(typeof(ErasureProblem))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ErasureHttpJson : JsonSerializerContext;
