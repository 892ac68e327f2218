using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace LocalCloud.Sqs;

internal sealed partial class SqsApi
{
    private const int MostListed = 1000;

    private sealed record CreateRequest(
        string? QueueName,
        Dictionary<string, string?>? Attributes,
        [property: JsonPropertyName("tags")] Dictionary<string, string>? Tags);

    private sealed record NameRequest(string? QueueName, string? QueueOwnerAWSAccountId);

    private sealed record UrlRequest(string? QueueUrl);

    private sealed record ListRequest(string? QueueUrl, string? QueueNamePrefix, int? MaxResults, string? NextToken);

    private sealed record AttributesRequest(string? QueueUrl, IReadOnlyList<string>? AttributeNames);

    private sealed record SetAttributesRequest(string? QueueUrl, Dictionary<string, string?>? Attributes);

    private sealed record SourcesAnswer([property: JsonPropertyName("queueUrls")] IReadOnlyList<string>? QueueUrls, string? NextToken);

    private void QueueOperations()
    {
        Handle<CreateRequest, object>("CreateQueue", (request, call) =>
        {
            var name = NewName(request.QueueName);
            CheckTags(request.Tags ?? []);
            _store.Create(name, call.Arn("sqs", name), QueueAttributes.Read(request.Attributes), request.Tags ?? []);
            return new { QueueUrl = _urls.Of(name, call) };
        });
        Handle<NameRequest, object>("GetQueueUrl", (request, call) =>
        {
            var queue = _store.Get(Required(request.QueueName, "QueueName"));
            return request.QueueOwnerAWSAccountId is null || request.QueueOwnerAWSAccountId == _options.AccountId
                ? new { QueueUrl = _urls.Of(queue.Name, call) }
                : throw SqsErrors.QueueDoesNotExist();
        });
        Handle<ListRequest, object>("ListQueues", (request, call) =>
        {
            var (urls, next) = Page(request, call, (after, most) => _store.List(request.QueueNamePrefix ?? "", after, most));
            return new { QueueUrls = urls, NextToken = next };
        });
        Handle<ListRequest, object>("ListDeadLetterSourceQueues", (request, call) =>
        {
            var target = _store.Get(_urls.NameOf(request.QueueUrl));
            var (urls, next) = Page(request, call, (after, most) => _store.SourcesOf(target, after, most));
            return new SourcesAnswer(urls, next);
        });
        Handle<UrlRequest, object?>("DeleteQueue", (request, _) => Done(() => _store.Delete(_urls.NameOf(request.QueueUrl))));
        Handle<UrlRequest, object?>("PurgeQueue", (request, _) => Done(() => _store.Purge(_urls.NameOf(request.QueueUrl))));
        Handle<AttributesRequest, object>("GetQueueAttributes", (request, _) =>
        {
            var all = Attributes(_store.Get(_urls.NameOf(request.QueueUrl)));
            var asked = request.AttributeNames ?? [];
            if (asked.FirstOrDefault(name => name != "All" && !all.ContainsKey(name) && !QueueAttributes.Settable.Contains(name)) is { } unknown)
            {
                throw SqsErrors.InvalidAttributeName($"Unknown Attribute {unknown}.");
            }

            var answered = asked.Contains("All") ? all : all.Where(attribute => asked.Contains(attribute.Key)).ToDictionary();
            return new { Attributes = answered.Count == 0 ? null : answered };
        });
        Handle<SetAttributesRequest, object?>("SetQueueAttributes", (request, _) => Done(() =>
        {
            var name = _urls.NameOf(request.QueueUrl);
            _store.SetAttributes(name, QueueAttributes.Read(request.Attributes ?? throw SqsErrors.MissingParameter("Attribute.Name")));
        }));
    }

    private Dictionary<string, string> Attributes(Queue queue)
    {
        var counts = _store.Count(queue.Name);
        var attributes = new Dictionary<string, string>
        {
            ["QueueArn"] = queue.Arn,
            ["ApproximateNumberOfMessages"] = Text(counts.Visible),
            ["ApproximateNumberOfMessagesNotVisible"] = Text(counts.InFlight),
            ["ApproximateNumberOfMessagesDelayed"] = Text(counts.Delayed),
            ["CreatedTimestamp"] = Text(queue.Created.ToUnixTimeSeconds()),
            ["LastModifiedTimestamp"] = Text(queue.Modified.ToUnixTimeSeconds()),
        };
        foreach (var name in QueueAttributes.Settable)
        {
            if (queue[name] is { } value)
            {
                attributes[name] = value;
            }
        }

        return attributes;
    }

    // A token is the last name answered, so that what is created or deleted between two pages shifts nothing.
    private (IReadOnlyList<string>? Urls, string? Next) Page(ListRequest request, Protocol.AwsCall call, Func<string?, int, IReadOnlyList<Queue>> list)
    {
        if (request.MaxResults is < 1 or > MostListed)
        {
            throw SqsErrors.InvalidParameter(request.MaxResults, "MaxResults", $"MaxResults must be an integer between 1 and {MostListed}.");
        }

        var most = request.MaxResults ?? MostListed;
        var queues = list(request.NextToken is null ? null : FromToken(request.NextToken), most + 1);
        var page = queues.Take(most).Select(queue => _urls.Of(queue.Name, call)).ToList();
        // Who sets no limit is told of no more, as AWS says.
        var next = request.MaxResults is not null && queues.Count > most ? Convert.ToBase64String(Encoding.UTF8.GetBytes(queues[most - 1].Name)) : null;
        return (page.Count == 0 ? null : page, next);
    }

    private static string FromToken(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException)
        {
            throw SqsErrors.InvalidParameter("Invalid or expired next token.");
        }
    }

    private static string NewName(string? name)
    {
        Required(name, "QueueName");
        return name!.EndsWith(".fifo", StringComparison.Ordinal) ? throw QueueAttributes.NoFifo()
            : NamePattern().IsMatch(name) ? name
            : throw SqsErrors.InvalidParameter("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,80}\z")]
    private static partial Regex NamePattern();
}
