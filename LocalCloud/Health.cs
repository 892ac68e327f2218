using LocalCloud.Protocol;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LocalCloud;

/// <summary><c>GET /_localcloud/health</c>: the process answers, and which services are behind the port.</summary>
internal static class Health
{
    public static JsonHttpResult<HealthReport> Report(IEnumerable<AwsJsonService> json, IEnumerable<AwsQueryService> query) =>
        TypedResults.Json(new HealthReport("ok", [.. json.Select(s => s.Name).Concat(query.Select(s => s.Name)).Append("s3").Distinct().Order(StringComparer.Ordinal)]));
}

/// <param name="Status">Always <c>ok</c>: a process that is not does not answer.</param>
/// <param name="Services">The names of the services, as the AWS command line spells them.</param>
internal sealed record HealthReport(string Status, string[] Services);
