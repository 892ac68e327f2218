using System.Text.Json;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using LocalCloud.Protocol;
using Microsoft.Extensions.DependencyInjection;
using FirehoseApi = LocalCloud.Firehose.FirehoseApi;

namespace LocalCloud.Tests.Firehose;

public class StreamTests
{
    [Fact]
    public async Task A_stream_is_described_as_it_was_configured_with_the_defaults_filled_in()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks", new ExtendedS3DestinationConfiguration
        {
            RoleARN = "arn:aws:iam::000000000000:role/firehose",
            BucketARN = "arn:aws:s3:::lake",
            Prefix = "events/",
        });

        var described = (await lab.Firehose.DescribeDeliveryStreamAsync(new DescribeDeliveryStreamRequest { DeliveryStreamName = "clicks" })).DeliveryStreamDescription;

        Assert.Equal("arn:aws:firehose:us-east-1:000000000000:deliverystream/clicks", described.DeliveryStreamARN);
        Assert.Equal(DeliveryStreamStatus.ACTIVE, described.DeliveryStreamStatus);
        Assert.Equal("1", described.VersionId);
        var destination = Assert.Single(described.Destinations);
        Assert.Equal("destinationId-000000000001", destination.DestinationId);
        var s3 = destination.ExtendedS3DestinationDescription;
        Assert.Equal((5, 300), (s3.BufferingHints.SizeInMBs, s3.BufferingHints.IntervalInSeconds));
        Assert.Equal(CompressionFormat.UNCOMPRESSED, s3.CompressionFormat);
        Assert.Equal("events/", s3.Prefix);
        Assert.False(s3.DataFormatConversionConfiguration.Enabled);
    }

    [Fact]
    public async Task A_converting_stream_buffers_128_MiB_unless_told_otherwise()
    {
        await using var lab = await FirehoseLab.StartAsync();
        var destination = FirehoseLab.ParquetDestination();
        destination.BufferingHints = null;
        await lab.CreateStreamAsync("clicks", destination);
        var described = await lab.Firehose.DescribeDeliveryStreamAsync(new DescribeDeliveryStreamRequest { DeliveryStreamName = "clicks" });
        Assert.Equal(128, described.DeliveryStreamDescription.Destinations[0].ExtendedS3DestinationDescription.BufferingHints.SizeInMBs);
    }

    [Fact]
    public async Task Streams_are_listed_by_name_ten_at_a_time_and_survive_a_restart()
    {
        await using var lab = await FirehoseLab.StartAsync();
        foreach (var number in Enumerable.Range(0, 12))
        {
            await lab.CreateStreamAsync($"stream-{number:D2}");
        }

        await lab.Server.RestartAsync();

        var first = await lab.Firehose.ListDeliveryStreamsAsync();
        Assert.Equal(10, first.DeliveryStreamNames.Count);
        Assert.True(first.HasMoreDeliveryStreams);
        var rest = await lab.Firehose.ListDeliveryStreamsAsync(new ListDeliveryStreamsRequest { ExclusiveStartDeliveryStreamName = first.DeliveryStreamNames[^1] });
        Assert.Equal(["stream-10", "stream-11"], rest.DeliveryStreamNames);
        Assert.False(rest.HasMoreDeliveryStreams);
    }

    [Fact]
    public async Task A_name_that_is_taken_or_unknown_is_told_as_Firehose_tells_it()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks");

        var taken = await Assert.ThrowsAsync<ResourceInUseException>(() => lab.CreateStreamAsync("clicks"));
        Assert.Equal("Firehose clicks under accountId 000000000000 already exists", taken.Message);
        var unknown = await Assert.ThrowsAsync<ResourceNotFoundException>(() => lab.PutAsync("views", "x"));
        Assert.Equal("Firehose views under account 000000000000 not found.", unknown.Message);
    }

    [Fact]
    public async Task Names_that_differ_only_by_case_or_are_dots_are_streams_of_their_own()
    {
        await using var lab = await FirehoseLab.StartAsync();
        foreach (var name in new[] { "Clicks", "clicks", "..", "." })
        {
            await lab.CreateStreamAsync(name);
            await lab.PutAsync(name, name + ";");
        }

        var flushed = await lab.FlushAsync();
        Assert.Equal([".", "..", "Clicks", "clicks"], flushed.Objects.Select(written => written.Stream).Order(StringComparer.Ordinal));
        Assert.All(flushed.Objects, written => Assert.Equal(written.Stream.Length + 1, written.Size));
    }

    [Theory]
    [InlineData("events/!{firehose:error-output-type}/", "errors/!{firehose:error-output-type}/", "Prefix can't contain !{firehose:error-output-type}.")]
    [InlineData("events/!{timestamp:yyyy}/", null, "ErrorOutputPrefix cannot be null or empty when Prefix contains expressions.")]
    [InlineData("events/!{timestamp:yyyy}/", "errors/!{timestamp:yyyy}/", "ErrorOutputPrefix must contain at least one instance of !{firehose:error-output-type} when it contains expressions.")]
    [InlineData("events/!{timestamp:bb}/", "errors/", "Prefix is not valid: Unknown pattern letter: b.")]
    [InlineData("events/!{timestamp:}/", "errors/", "Prefix is not valid: The timestamp expression has no pattern.")]
    [InlineData("events/!{timestamp:yyyy/", "errors/", "Prefix is not valid: The expression '!{timestamp:yyyy/' is not closed.")]
    [InlineData("events/!{date:yyyy}/", "errors/", "Prefix is not valid: The expression !{date:yyyy} is not supported.")]
    [InlineData("events/!{partitionKeyFromQuery:site}/", "errors/", "Prefix is not valid: The namespace partitionKeyFromQuery requires dynamic partitioning to be enabled.")]
    public async Task A_prefix_that_breaks_a_rule_is_refused(string prefix, string? errors, string message)
    {
        await using var lab = await FirehoseLab.StartAsync();
        var destination = FirehoseLab.Destination(prefix);
        destination.ErrorOutputPrefix = errors;
        var error = await Assert.ThrowsAsync<InvalidArgumentException>(() => lab.CreateStreamAsync("clicks", destination));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task What_the_model_of_the_API_forbids_is_told_all_at_once()
    {
        await using var lab = await FirehoseLab.StartAsync();
        var destination = FirehoseLab.Destination(seconds: 901, megabytes: 129);
        destination.CompressionFormat = "LZMA";
        destination.FileExtension = "JSON";
        var error = await Assert.ThrowsAsync<AmazonKinesisFirehoseException>(() => lab.CreateStreamAsync("clicks", destination));
        Assert.Equal("ValidationException", error.ErrorCode);
        Assert.StartsWith("4 validation errors detected: ", error.Message);
    }

    public static TheoryData<string, Action<ExtendedS3DestinationConfiguration>> WrongConversions => new()
    {
        { "Only CompressionFormat.UNCOMPRESSED", destination => destination.CompressionFormat = CompressionFormat.GZIP },
        { "must be at least 64", destination => destination.BufferingHints.SizeInMBs = 63 },
        { "InputFormatConfiguration must be specified", destination => destination.DataFormatConversionConfiguration.InputFormatConfiguration = null },
        { "Exactly one deserializer", destination => destination.DataFormatConversionConfiguration.InputFormatConfiguration.Deserializer.HiveJsonSerDe = new HiveJsonSerDe() },
        { "OrcSerDe is not available", destination => destination.DataFormatConversionConfiguration.OutputFormatConfiguration.Serializer.OrcSerDe = new OrcSerDe() },
        { "table pixel.missing not found", destination => destination.DataFormatConversionConfiguration.SchemaConfiguration.TableName = "missing" },
        { "SchemaConfiguration with DatabaseName", destination => destination.DataFormatConversionConfiguration.SchemaConfiguration = null },
    };

    [Theory]
    [MemberData(nameof(WrongConversions))]
    public async Task A_conversion_that_cannot_work_is_refused(string why, Action<ExtendedS3DestinationConfiguration> spoil)
    {
        await using var lab = await FirehoseLab.StartAsync();
        var destination = FirehoseLab.ParquetDestination();
        spoil(destination);
        var error = await Assert.ThrowsAsync<InvalidArgumentException>(() => lab.CreateStreamAsync("clicks", destination));
        Assert.Contains(why, error.Message);
    }

    [Fact]
    public async Task A_conversion_that_is_switched_off_may_be_wrong_and_can_be_kept_for_later()
    {
        await using var lab = await FirehoseLab.StartAsync();
        var destination = FirehoseLab.ParquetDestination();
        destination.DataFormatConversionConfiguration.Enabled = false;
        destination.CompressionFormat = CompressionFormat.GZIP;
        await lab.CreateStreamAsync("clicks", destination);
    }

    [Fact]
    public async Task An_update_changes_what_it_names_and_leaves_the_rest()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks", FirehoseLab.ParquetDestination());
        await lab.Firehose.UpdateDestinationAsync(Update("1", new ExtendedS3DestinationUpdate
        {
            BufferingHints = new BufferingHints { IntervalInSeconds = 30 },
            DataFormatConversionConfiguration = new DataFormatConversionConfiguration { Enabled = false },
        }));

        var described = (await lab.Firehose.DescribeDeliveryStreamAsync(new DescribeDeliveryStreamRequest { DeliveryStreamName = "clicks" })).DeliveryStreamDescription;
        var s3 = described.Destinations[0].ExtendedS3DestinationDescription;
        Assert.Equal("2", described.VersionId);
        Assert.Equal((64, 30), (s3.BufferingHints.SizeInMBs, s3.BufferingHints.IntervalInSeconds));
        Assert.Equal("events", s3.DataFormatConversionConfiguration.SchemaConfiguration.TableName);
        Assert.False(s3.DataFormatConversionConfiguration.Enabled);
    }

    [Fact]
    public async Task An_update_of_another_version_is_refused_and_changes_nothing()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks");
        var error = await Assert.ThrowsAsync<ConcurrentModificationException>(() => lab.Firehose.UpdateDestinationAsync(Update("2", new ExtendedS3DestinationUpdate { Prefix = "new/" })));
        Assert.Equal("Cannot update firehose: clicks since the current version id: 1 and specified version id: 2 do not match", error.Message);
        await Assert.ThrowsAsync<InvalidArgumentException>(() => lab.Firehose.UpdateDestinationAsync(Update("1", new ExtendedS3DestinationUpdate { Prefix = "!{x:y}" })));

        var described = await lab.Firehose.DescribeDeliveryStreamAsync(new DescribeDeliveryStreamRequest { DeliveryStreamName = "clicks" });
        Assert.Equal("1", described.DeliveryStreamDescription.VersionId);
    }

    [Fact]
    public async Task Tags_are_added_replaced_removed_and_kept()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks");
        await CallAsync("TagDeliveryStream", """{"DeliveryStreamName":"clicks","Tags":[{"Key":"team","Value":"web"},{"Key":"stage","Value":"test"}]}""");
        await CallAsync("TagDeliveryStream", """{"DeliveryStreamName":"clicks","Tags":[{"Key":"stage","Value":"prod"},{"Key":"extra"}]}""");
        await CallAsync("UntagDeliveryStream", """{"DeliveryStreamName":"clicks","TagKeys":["extra"]}""");
        await lab.Server.RestartAsync();

        var listed = await CallAsync("ListTagsForDeliveryStream", """{"DeliveryStreamName":"clicks"}""");
        Assert.Equal("""{"Tags":[{"Key":"stage","Value":"prod"},{"Key":"team","Value":"web"}],"HasMoreTags":false}""", listed);

        async Task<string> CallAsync(string operation, string request)
        {
            var api = lab.Server.Services.GetRequiredService<FirehoseApi>();
            var answer = await api.InvokeAsync(operation, JsonDocument.Parse(request).RootElement, new AwsCall("id", "us-east-1", "000000000000", null), default);
            return JsonSerializer.Serialize(answer, AwsJson.Options);
        }
    }

    private static UpdateDestinationRequest Update(string version, ExtendedS3DestinationUpdate update) => new()
    {
        DeliveryStreamName = "clicks",
        CurrentDeliveryStreamVersionId = version,
        DestinationId = "destinationId-000000000001",
        ExtendedS3DestinationUpdate = update,
    };
}
