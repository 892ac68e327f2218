namespace LocalCloud.Sqs;

internal sealed partial class SqsApi
{
    private const int MostTags = 50;

    private sealed record TagRequest(string? QueueUrl, Dictionary<string, string>? Tags, IReadOnlyList<string>? TagKeys);

    private void TagOperations()
    {
        Handle<TagRequest, object?>("TagQueue", (request, _) => Done(() =>
        {
            var added = request.Tags ?? throw SqsErrors.MissingParameter("Tags");
            _store.SetTags(_urls.NameOf(request.QueueUrl), tags =>
            {
                foreach (var (key, value) in added)
                {
                    tags[key] = value;
                }

                CheckTags(tags);
            });
        }));
        Handle<TagRequest, object?>("UntagQueue", (request, _) => Done(() =>
        {
            var removed = request.TagKeys ?? throw SqsErrors.MissingParameter("TagKeys");
            _store.SetTags(_urls.NameOf(request.QueueUrl), tags =>
            {
                foreach (var key in removed)
                {
                    tags.Remove(key);
                }
            });
        }));
        Handle<TagRequest, object>("ListQueueTags", (request, _) =>
        {
            var tags = _store.Get(_urls.NameOf(request.QueueUrl)).Tags;
            return new { Tags = tags.Count == 0 ? null : tags };
        });
    }

    private static void CheckTags(Dictionary<string, string> tags)
    {
        if (tags.Count > MostTags)
        {
            throw SqsErrors.InvalidParameter($"Too many tags added for queue: a queue has at most {MostTags}.");
        }

        if (tags.FirstOrDefault(tag => tag.Key.Length is 0 or > 128 || tag.Value is null or { Length: > 256 }) is { Key: not null } wrong)
        {
            throw SqsErrors.InvalidParameter($"The tag '{wrong.Key}' is not valid: a key has 1 to 128 characters, a value up to 256.");
        }
    }
}
