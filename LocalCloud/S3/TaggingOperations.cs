namespace LocalCloud.S3;

/// <summary>GetObjectTagging, PutObjectTagging, DeleteObjectTagging.</summary>
internal sealed class TaggingOperations(ObjectStore store)
{
    public Task Get(S3Request request) => request.WriteXmlAsync(ObjectTags.ToXml(store.Require(request.Bucket!, request.Key!).Attributes.Tags));

    public async Task Put(S3Request request)
    {
        var tags = ObjectTags.FromXml(await request.ReadXmlAsync("Tagging"));
        store.Require(request.Bucket!, request.Key!);
        store.Change(request.Bucket!, request.Key!, attributes => attributes with { Tags = tags });
        await request.WriteNothingAsync();
    }

    public Task Delete(S3Request request)
    {
        store.Require(request.Bucket!, request.Key!);
        store.Change(request.Bucket!, request.Key!, attributes => attributes with { Tags = [] });
        return request.WriteNothingAsync(204);
    }
}
