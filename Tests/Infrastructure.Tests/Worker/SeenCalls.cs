using System.Text.Json;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Infrastructure.Tests.Worker;

/// <summary>Stands before LocalCloud and notes each call as IAM sees it: an action and a resource.</summary>
public sealed class SeenCalls : IStartupFilter
{
    private const string Account = "000000000000";
    private const string Region = "us-east-1";

    private readonly Lock _lock = new();
    private readonly HashSet<(string Action, string Resource, bool BySession)> _seen = [];

    /// <summary>What was called since the last time; the resource is empty where a call does not name it.</summary>
    public IReadOnlyCollection<(string Action, string Resource)> Take()
    {
        var (own, asRole) = TakeByCaller();
        return own.Union(asRole).ToList();
    }

    /// <summary>The same, apart by whether it was signed with keys of the caller's own or with those that STS gives for a role.</summary>
    public (IReadOnlyCollection<(string Action, string Resource)> Own, IReadOnlyCollection<(string Action, string Resource)> AsRole) TakeByCaller()
    {
        lock (_lock)
        {
            var seen = _seen.ToLookup(call => call.BySession, call => (call.Action, call.Resource));
            var taken = (seen[false].ToList(), seen[true].ToList());
            _seen.Clear();
            return taken;
        }
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (HttpContext context, RequestDelegate pass) =>
        {
            await NoteAsync(context.Request);
            await pass(context);
        });
        next(app);
    };

    private async Task NoteAsync(HttpRequest request)
    {
        if (request.Path.StartsWithSegments("/_localcloud"))
        {
            return;
        }

        request.EnableBuffering();
        using var reader = new StreamReader(request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync();
        request.Body.Position = 0;
        var calls = request.Headers["X-Amz-Target"].ToString() is { Length: > 0 } target ? Json(target, body)
            : request.HasFormContentType ? Sts(QueryHelpers.ParseQuery(body))
            : S3(request, body);
        var bySession = request.Headers.Authorization.ToString().Contains("Credential=ASIA", StringComparison.Ordinal);
        lock (_lock)
        {
            _seen.UnionWith(calls.Select(call => (call.Action, call.Resource, bySession)));
        }
    }

    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
    private static IEnumerable<(string Action, string Resource)> S3(HttpRequest request, string body)
    {
        var path = request.Path.Value!.TrimStart('/');
        var bucket = path.Split('/')[0];
        var resource = $"arn:aws:s3:::{path.TrimEnd('/')}";
        if (path.TrimEnd('/') == bucket)
        {
            return request.Query.ContainsKey("delete")
                ? XDocument.Parse(body).Descendants().Where(e => e.Name.LocalName == "Key").Select(e => ("s3:DeleteObject", $"arn:aws:s3:::{bucket}/{e.Value}"))
                : [(request.Query.ContainsKey("versions") ? "s3:ListBucketVersions" : "s3:ListBucket", resource)];
        }

        return
        [
            (request.Method switch
            {
                "PUT" => "s3:PutObject",
                "DELETE" => request.Query.ContainsKey("versionId") ? "s3:DeleteObjectVersion" : "s3:DeleteObject",
                _ => "s3:GetObject",
            }, resource),
        ];
    }

    private static IEnumerable<(string Action, string Resource)> Sts(Dictionary<string, StringValues> form) => [($"sts:{form["Action"]}", form["RoleArn"].ToString())];

    private static IEnumerable<(string Action, string Resource)> Json(string target, string body)
    {
        var (service, action) = (target.Split('.')[0], target.Split('.')[1]);
        var input = JsonDocument.Parse(body.Length == 0 ? "{}" : body).RootElement;
        return service switch
        {
            "AWSGlue" => [($"glue:{action}", $"arn:aws:glue:{Region}:{Account}:{(Text(input, "DatabaseName") is { } database ? $"table/{database}/{Table(input)}" : "database/" + Text(input, "Name"))}")],
            "AmazonAthena" => [($"athena:{action}", Text(input, "WorkGroup") is { } workgroup ? $"arn:aws:athena:{Region}:{Account}:workgroup/{workgroup}" : "")],
            "AmazonSQS" => [($"sqs:{Single(action)}", $"arn:aws:sqs:{Region}:{Account}:{Text(input, "QueueUrl")?.Split('/')[^1]}")],
            _ => [($"firehose:{action}", $"arn:aws:firehose:{Region}:{Account}:deliverystream/{Text(input, "DeliveryStreamName")}")],
        };
    }

    // A batch needs what its entries need.
    private static string Single(string action) => action.Replace("Batch", "", StringComparison.Ordinal);

    private static string Table(JsonElement input)
        => Text(input, "TableName") ?? (input.TryGetProperty("TableInput", out var table) ? Text(table, "Name") : Text(input, "Name")) ?? "*";

    private static string? Text(JsonElement input, string name) => input.TryGetProperty(name, out var value) ? value.GetString() : null;
}
