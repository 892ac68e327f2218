using System.Text.Json.Serialization;
using Catalog.Worker.State;

namespace Catalog.Worker.Compaction;

/// <summary>
/// What one rewriting of one hour was made from and what it made: the document
/// <c>catalog/manifests/open/{hour}-{version}.json</c>. It is there before the hour is switched, and open until its inputs
/// are deleted; then it moves to <c>closed/</c>, as a record.
/// </summary>
/// <param name="Hour">The hour, UTC.</param>
/// <param name="Version">The version that was written; unique, and in the order of time.</param>
/// <param name="Fence">The fencing token of the run that wrote it.</param>
/// <param name="CreatedAt">When it was written, UTC.</param>
/// <param name="Location">Where the version lies, with its closing slash.</param>
/// <param name="Replaces">Where the hour was read from before.</param>
/// <param name="Inputs">Exactly the objects that the version was made from.</param>
/// <param name="Outputs">The objects of the version; null until the hour was switched.</param>
/// <param name="SwitchedAt">When the hour was switched to the version, UTC; null before.</param>
/// <param name="Values">The partition's values as they stand in the catalog, which may be others than the hour's usual ones.</param>
/// <param name="Events">How many events the version has; null when that was not noted.</param>
/// <param name="IsFollowed">Whether the hour after has been looked at for events that this version holds, too.</param>
internal sealed record Manifest(
    DateTimeOffset Hour,
    string Version,
    long Fence,
    DateTimeOffset CreatedAt,
    string Location,
    string Replaces,
    IReadOnlyList<LakeObject> Inputs,
    IReadOnlyList<LakeObject>? Outputs,
    DateTimeOffset? SwitchedAt,
    IReadOnlyList<string>? Values = null,
    long? Events = null,
    bool IsFollowed = false);

/// <summary>How far compaction has come: the document <c>catalog/compaction.json</c>.</summary>
/// <param name="Through">All hours before this one were looked at when they were closed.</param>
/// <param name="AllOn">The day (UTC) on which all hours were listed last; null: never.</param>
/// <param name="Fence">The fencing token of the run that wrote this.</param>
internal sealed record CompactionState(DateTimeOffset Through, DateOnly? AllOn = null, long Fence = 0);

[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(CompactionState))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class CompactionJson : JsonSerializerContext;
