using System.Text.Json.Serialization;

namespace Catalog.Worker.Erasure;

/// <summary>One erasure: the document <c>catalog/erasures/{id}.json</c>.</summary>
/// <param name="Id">Its id, in the order of time.</param>
/// <param name="Subject">Whose events go.</param>
/// <param name="RequestedAt">When it was asked for, UTC.</param>
/// <param name="From">Hours from this one on are looked at in the next pass; null: all.</param>
/// <param name="Reached">Within a pass: the hours before this one are done.</param>
/// <param name="Purging">The hour that is being rewritten, whose old objects must be gone before it is done.</param>
/// <param name="IsLastPass">Whether the pass under way began when nothing could appear any more.</param>
/// <param name="Passes">How many passes have been made over everything.</param>
/// <param name="Places">What was found and removed, by place.</param>
/// <param name="CompletedAt">When nothing could come any more and the last pass was done; null before.</param>
/// <param name="Receipt">The signed receipt, then.</param>
/// <param name="PurgingValues">The values of that hour's partition, as they stand in the catalog.</param>
/// <param name="Fence">The fencing token of the run that wrote this; 0: nobody but who asked.</param>
internal sealed record ErasureRequest(
    string Id,
    Subject Subject,
    DateTimeOffset RequestedAt,
    DateTimeOffset? From,
    DateTimeOffset? Reached,
    DateTimeOffset? Purging,
    bool IsLastPass,
    int Passes,
    IReadOnlyDictionary<string, ErasedPlace> Places,
    DateTimeOffset? CompletedAt,
    Receipt? Receipt,
    IReadOnlyList<string>? PurgingValues = null,
    long Fence = 0)
{
    /// <summary>Adds to what was found and removed in a place.</summary>
    /// <param name="place">The place.</param>
    /// <param name="found">What was found.</param>
    /// <param name="removed">What was removed.</param>
    /// <param name="unreadable">What is there and cannot be read; not a sum, since it is there at each pass.</param>
    public ErasureRequest Adding(string place, long found, long removed, long unreadable = 0)
    {
        var places = new SortedDictionary<string, ErasedPlace>(Places.ToDictionary(), StringComparer.Ordinal);
        var before = places.GetValueOrDefault(place) ?? new(0, 0);
        places[place] = new(before.Found + found, before.Removed + removed, unreadable);
        return this with { Places = places };
    }
}

/// <summary>What an erasure found and removed in one place.</summary>
/// <param name="Found">Events of the subject; of query results, which are not looked into, the objects.</param>
/// <param name="Removed">Of these, how many are gone.</param>
/// <param name="Unreadable">Lines that were there at the last pass and that nobody can read, so nobody knows whose they are.</param>
internal sealed record ErasedPlace(long Found, long Removed, long Unreadable = 0);

/// <summary>Says, so that it can be proved later, what was done.</summary>
/// <param name="Statement">The statement, as JSON; exactly these characters, in UTF-8, are signed.</param>
/// <param name="Signature">ECDSA over NIST P-256 with SHA-256 (IEEE P1363 form), in base64.</param>
/// <param name="PublicKey">The key to check it with, SubjectPublicKeyInfo in base64.</param>
internal sealed record Receipt(string Statement, string Signature, string PublicKey);

/// <summary>What the receipt states, in the words of <see cref="ErasureRequest"/> and of <see cref="LineFiles.NotSearched"/>.</summary>
internal sealed record ReceiptStatement(
    string Id, string Column, string Hash, string HashKey, DateTimeOffset RequestedAt, DateTimeOffset CompletedAt, int Passes,
    IReadOnlyDictionary<string, ErasedPlace> Places, IReadOnlyList<string> NotSearched);

/// <summary>The key that receipts are signed with: the document <c>catalog/erasures/key.json</c>, unless a setting has it.</summary>
/// <param name="Pkcs8">The private key, PKCS #8 in base64.</param>
internal sealed record SigningKey(string Pkcs8);

[JsonSerializable(typeof(ErasureRequest))]
[JsonSerializable(typeof(ReceiptStatement))]
[JsonSerializable(typeof(SigningKey))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ErasureJson : JsonSerializerContext;
