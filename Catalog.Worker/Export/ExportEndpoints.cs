using System.Text.Json.Serialization;
using Catalog.Worker.Erasure;
using Catalog.Worker.Partitions;
using Catalog.Worker.Schema;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Export;

/// <summary>
/// Everything about a person, over HTTP: the statements that find it in the lake, a month each, so that none reads more than
/// a question may and who asks can show how far it is; and the lines of the places that no statement reaches. Like an
/// erasure's, the statements have a keyed hash instead of the name, since Athena remembers statements for 45 days.
/// </summary>
internal static class ExportEndpoints
{
    public static void MapExports(this IEndpointRouteBuilder routes) => routes.MapPost("/exports", ExportAsync);

    private static async Task<Results<JsonHttpResult<ExportPlan>, JsonHttpResult<ErasureProblem>>> ExportAsync(
        SubjectOrder order, PartitionTable partitions, LineFiles lines, IOptions<SchemaOptions> schema, CancellationToken cancellationToken)
    {
        var (column, value, problem) = order.Read(schema.Value);
        if (problem is not null)
        {
            return TypedResults.Json(new ErasureProblem(problem), ErasureHttpJson.Default.ErasureProblem, statusCode: StatusCodes.Status400BadRequest);
        }

        var subject = Subject.Of(column, value);
        var calls = new AwsCalls();
        var table = await partitions.GetAsync(calls, cancellationToken);
        var months = HourPartition.Of(await partitions.ReadAsync(table, null, calls, cancellationToken))
            .Select(p => (Year: p.Partition.Values[0], Month: p.Partition.Values[1]))
            .Distinct();

        // The view has each event once.
        var statements = months.Select(m =>
            $"SELECT * FROM events WHERE {PartitionValues.IsText(table.PartitionKeys, [m.Year, m.Month])} AND {subject.Condition(table)} ORDER BY received_at");
        return TypedResults.Json(new ExportPlan([.. statements], await lines.FindAsync(subject, calls, cancellationToken), lines.NotSearched), ExportJson.Default.ExportPlan);
    }
}

/// <summary>What <c>POST /exports</c> answers.</summary>
/// <param name="Statements">Statements for the lake's database, to be run one by one.</param>
/// <param name="Lines">Events that are in no table.</param>
/// <param name="NotSearched">The places that this worker has no way to, in the words of <see cref="LineFiles.NotSearched"/>.</param>
internal sealed record ExportPlan(IReadOnlyList<string> Statements, IReadOnlyList<FoundLine> Lines, IReadOnlyList<string> NotSearched);

[JsonSerializable(typeof(ExportPlan))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ExportJson : JsonSerializerContext;
