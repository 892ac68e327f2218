using System.Globalization;
using Amazon.Glue;
using Amazon.Glue.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using AppHost.Clouds;
using AppHost.LocalStack;
using Microsoft.Extensions.DependencyInjection;

namespace AppHost.Commands;

/// <summary>
/// Deletes everything in a lake on this machine: the objects of its bucket and the partitions of its tables. Tables and
/// views stay. There is no such command on AWS.
/// </summary>
/// <remarks>
/// Partitions go too, since one that has been compacted does not point to where new events of its hour arrive. The worker
/// stands still meanwhile, so that no job writes into what is deleted, and registers the present hours when it starts.
/// </remarks>
internal static class EmptyLakeCommand
{
    private const int PartitionsACall = 25;

    /// <summary>Adds the command, where the lake is on this machine.</summary>
    public static void WithEmptyLakeCommand(this IResourceBuilder<CloudResource> cloud, IResourceBuilder<ProjectResource> worker)
    {
        if (cloud.Resource is not { Storage: { } storage, Catalog: { } catalog })
        {
            return;
        }

        cloud.WithCommand("empty", "Empty the lake", context => RunAsync(storage, catalog, worker.Resource, context), new CommandOptions
        {
            Description = "Deletes every event, every result and every partition. Tables and views stay.",
            ConfirmationMessage = "This deletes every event in the lake on this machine, for good. What is still in the beacon's journal or in Firehose arrives afterwards.",
            IconName = "Delete",
        });
    }

    private static async Task<ExecuteCommandResult> RunAsync(
        EndpointReference storage, EndpointReference catalog, ProjectResource worker, ExecuteCommandContext context)
    {
        if (!storage.IsAllocated || !catalog.IsAllocated)
        {
            return CommandResults.Failure("The lake is not there yet.");
        }

        var commands = context.Services.GetRequiredService<ResourceCommandService>();
        if (await commands.ExecuteCommandAsync(worker, KnownResourceCommands.StopCommand, context.CancellationToken) is { Success: false } failed)
        {
            return CommandResults.Failure($"{worker.Name} did not stop, so nothing was deleted: {failed.Message}");
        }

        try
        {
            await context.EndOfAsync(worker.Name);
            var objects = await DeleteObjectsAsync(storage.Url, context.CancellationToken);
            var partitions = await DeletePartitionsAsync(catalog.Url, context.CancellationToken);
            return CommandResults.Success(string.Create(
                CultureInfo.InvariantCulture, $"{objects} objects and {partitions} partitions were deleted."));
        }
        catch (AmazonServiceException error)
        {
            return CommandResults.Failure($"The lake could not be emptied: {error.Message}");
        }
        finally
        {
            // In any case: a worker that stays stopped because somebody left the page would be missed only hours later.
            await commands.ExecuteCommandAsync(worker, KnownResourceCommands.StartCommand, CancellationToken.None);
        }
    }

    private static async Task<int> DeleteObjectsAsync(string url, CancellationToken cancellationToken)
    {
        using var s3 = new AmazonS3Client(Credentials(), new AmazonS3Config { ServiceURL = url, AuthenticationRegion = LakeNames.Region, ForcePathStyle = true });
        for (var deleted = 0; ;)
        {
            // The first page again and again: what was on it is gone.
            var page = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = LakeNames.Bucket }, cancellationToken);
            if (page.S3Objects is not { Count: > 0 } objects)
            {
                return deleted;
            }

            await s3.DeleteObjectsAsync(
                new DeleteObjectsRequest { BucketName = LakeNames.Bucket, Objects = [.. objects.Select(found => new KeyVersion { Key = found.Key })] },
                cancellationToken);
            deleted += objects.Count;
        }
    }

    private static async Task<int> DeletePartitionsAsync(string url, CancellationToken cancellationToken)
    {
        using var glue = new AmazonGlueClient(Credentials(), new AmazonGlueConfig { ServiceURL = url, AuthenticationRegion = LakeNames.Region });
        var deleted = 0;
        string? next = null;
        do
        {
            var tables = await glue.GetTablesAsync(new GetTablesRequest { DatabaseName = LakeNames.Database, NextToken = next }, cancellationToken);
            foreach (var table in tables.TableList ?? [])
            {
                deleted += await DeletePartitionsAsync(glue, table.Name, cancellationToken);
            }

            next = tables.NextToken;
        }
        while (!string.IsNullOrEmpty(next));

        return deleted;
    }

    private static async Task<int> DeletePartitionsAsync(AmazonGlueClient glue, string table, CancellationToken cancellationToken)
    {
        var deleted = 0;
        while (true)
        {
            var page = await glue.GetPartitionsAsync(
                new GetPartitionsRequest { DatabaseName = LakeNames.Database, TableName = table }, cancellationToken);
            if (page.Partitions is not { Count: > 0 } partitions)
            {
                return deleted;
            }

            foreach (var some in partitions.Chunk(PartitionsACall))
            {
                var answer = await glue.BatchDeletePartitionAsync(
                    new BatchDeletePartitionRequest
                    {
                        DatabaseName = LakeNames.Database,
                        TableName = table,
                        PartitionsToDelete = [.. some.Select(partition => new PartitionValueList { Values = partition.Values })],
                    },
                    cancellationToken);
                if (answer.Errors is [var first, ..])
                {
                    throw new AmazonGlueException($"a partition of {table} stays: {first.ErrorDetail?.ErrorMessage}");
                }

                deleted += some.Length;
            }
        }
    }

    private static BasicAWSCredentials Credentials() => new(LocalStackBuilderExtensions.AccessKey, LocalStackBuilderExtensions.SecretKey);
}
