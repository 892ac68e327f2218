using System.Text.Json.Nodes;
using LocalCloud.Glue;
using LocalCloud.Protocol;

namespace LocalCloud.Firehose;

/// <summary>The Firehose API on the wire (AWS JSON 1.1, https://docs.aws.amazon.com/firehose/latest/APIReference/).</summary>
internal sealed partial class FirehoseApi : AwsJsonService
{
    private readonly DeliveryStreams _streams;
    private readonly FirehoseFaults _faults;
    private readonly DestinationRules _rules;
    private readonly TimeProvider _time;

    public FirehoseApi(DeliveryStreams streams, FirehoseFaults faults, GlueCatalog catalog, TimeProvider time) : base("firehose", "Firehose_20150804")
    {
        _streams = streams;
        _faults = faults;
        _rules = new DestinationRules(catalog);
        _time = time;
        StreamOperations();
        RecordOperations();
        TagOperations();
    }

    private RunningStream Stream(string? name) => _streams.Get(Required(name, "deliveryStreamName"));

    private static T Required<T>(T? value, string member) where T : class =>
        value ?? throw FirehoseErrors.Validation($"Value null at '{member}'", "Member must not be null");

    private sealed record Tag(string? Key, string? Value);

    private sealed record TagRequest(
        string? DeliveryStreamName, IReadOnlyList<Tag>? Tags, IReadOnlyList<string>? TagKeys, string? ExclusiveStartTagKey, int? Limit);

    private void TagOperations()
    {
        Handle<TagRequest, object?>("TagDeliveryStream", (request, _) =>
        {
            var added = ToDictionary(Required(request.Tags, "tags"));
            Stream(request.DeliveryStreamName).Update(stream =>
            {
                var tags = stream.Tags.Concat(added).GroupBy(tag => tag.Key).ToDictionary(same => same.Key, same => same.Last().Value);
                return tags.Count <= 50 ? stream with { Tags = tags } : throw new AwsException("LimitExceededException", "A delivery stream cannot have more than 50 tags.");
            });
            return null;
        });
        Handle<TagRequest, object?>("UntagDeliveryStream", (request, _) =>
        {
            var removed = Required(request.TagKeys, "tagKeys");
            Stream(request.DeliveryStreamName).Update(stream => stream with
            {
                Tags = stream.Tags.Where(tag => !removed.Contains(tag.Key)).ToDictionary(),
            });
            return null;
        });
        Handle<TagRequest, object>("ListTagsForDeliveryStream", (request, _) =>
        {
            var after = Stream(request.DeliveryStreamName).Definition.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal)
                .Where(tag => string.CompareOrdinal(tag.Key, request.ExclusiveStartTagKey) > 0).ToList();
            var limit = request.Limit ?? 50;
            return new { Tags = after.Take(limit).Select(tag => new { tag.Key, tag.Value }), HasMoreTags = after.Count > limit };
        });
    }

    private static Dictionary<string, string> ToDictionary(IReadOnlyList<Tag> tags)
    {
        if (tags.FirstOrDefault(tag => tag.Key is null or "" or { Length: > 128 } || tag.Value is { Length: > 256 }) is { } wrong)
        {
            throw FirehoseErrors.InvalidArgument($"The tag '{wrong.Key}' is not valid: a key has 1 to 128 characters, a value up to 256.");
        }

        return tags.GroupBy(tag => tag.Key!).ToDictionary(same => same.Key, same => same.Last().Value ?? "");
    }

    // The members of an update replace those of what is there, one by one. Only what is one choice among several, or a
    // collection, is replaced as a whole.
    private static JsonObject Merged(JsonObject present, JsonObject update)
    {
        var merged = (JsonObject)present.DeepClone();
        foreach (var (name, value) in update)
        {
            merged[name] = value is JsonObject inner && merged[name] is JsonObject outer
                && name is not ("Deserializer" or "Serializer" or "ProcessingConfiguration" or "EncryptionConfiguration")
                    ? Merged(outer, inner)
                    : value?.DeepClone();
        }

        return merged;
    }
}
