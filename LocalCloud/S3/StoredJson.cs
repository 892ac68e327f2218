using System.Text.Json.Serialization;

namespace LocalCloud.S3;

/// <summary>How attributes stand in the index. Members that are added later are optional, so that old rows stay readable.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ObjectAttributes))]
[JsonSerializable(typeof(ObjectChecksum))]
internal sealed partial class StoredJson : JsonSerializerContext;
