using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Catalog.Worker.Jobs;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Erasure;

/// <summary>Signs receipts, with the key of the settings or with one that the first worker made and keeps in the bucket.</summary>
internal sealed class ReceiptSigner(StateStore store, IOptions<ErasureOptions> options)
{
    private const string KeyName = "erasures/key.json";

    /// <summary>Signs what was done.</summary>
    public async Task<Receipt> SignAsync(ErasureRequest request, DateTimeOffset completedAt, IReadOnlyList<string> notSearched, AwsCalls calls, CancellationToken cancellationToken)
    {
        var subject = request.Subject;
        var statement = JsonSerializer.Serialize(
            new ReceiptStatement(request.Id, subject.Column, subject.Hash, subject.Key, request.RequestedAt, completedAt, request.Passes, request.Places, notSearched),
            ErasureJson.Default.ReceiptStatement);
        using var key = await KeyAsync(calls, cancellationToken);
        return new(
            statement,
            Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(statement), HashAlgorithmName.SHA256)),
            Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()));
    }

    private async Task<ECDsa> KeyAsync(AwsCalls calls, CancellationToken cancellationToken)
    {
        if (options.Value.SigningKey.Length > 0)
        {
            return Import(options.Value.SigningKey);
        }

        var found = await store.ReadAsync(KeyName, ErasureJson.Default.SigningKey, calls, cancellationToken);
        if (found is null)
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            await store.CreateAsync(KeyName, new(Convert.ToBase64String(made.ExportPkcs8PrivateKey())), ErasureJson.Default.SigningKey, calls, cancellationToken);

            // Of two workers that make one at the same time, one has made it for both.
            found = await store.ReadAsync(KeyName, ErasureJson.Default.SigningKey, calls, cancellationToken)
                ?? throw new JobException("The key for receipts was deleted while it was made; the next run makes it again.");
        }

        return Import(found.Value.Pkcs8);
    }

    /// <exception cref="CryptographicException">It is no such key.</exception>
    public static ECDsa Import(string pkcs8)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(pkcs8), out _);
        return key;
    }
}
