using System.Text.Json.Nodes;
using Aspire.Hosting.AWS.CloudFormation;

namespace AppHost.Tests;

/// <summary>What each program is told, which is all that differs between the ways of running it.</summary>
public sealed class WiringTests
{
    [Theory]
    [InlineData("beacon")]
    [InlineData("catalog")]
    public async Task Embedded_every_AWS_service_is_LocalCloud(string program)
    {
        await using var model = await Models.EmbeddedAsync();
        var environment = await model.EnvironmentAsync(program);

        Assert.All(["S3", "Firehose", "SQS", "Glue", "Athena"], service => Assert.Equal("{localcloud.bindings.http.url}", environment[$"AWS__Endpoints__{service}"]));
        Assert.Equal("test", environment["AWS__AccessKey"]);
        Assert.Equal("us-east-1", environment["AWS__Region"]);
        Assert.Equal("pixel-lake", environment["AWS__Resources__LakeBucketName"]);
        Assert.Equal("pixel-events", environment["AWS__Resources__EventStreamName"]);
        Assert.Contains("user_id", environment["AWS__Resources__EventFields"], StringComparison.Ordinal);
        Waits(model, program, "localcloud");
    }

    [Theory]
    [InlineData("beacon")]
    [InlineData("catalog")]
    public async Task On_LocalStack_only_Glue_and_Athena_are_LocalCloud(string program)
    {
        await using var model = await Models.OnLocalStackAsync();
        var environment = await model.EnvironmentAsync(program);

        Assert.All(["S3", "Firehose", "SQS"], service => Assert.Equal("{localstack.bindings.http.url}", environment[$"AWS__Endpoints__{service}"]));
        Assert.All(["Glue", "Athena"], service => Assert.Equal("{localcloud.bindings.http.url}", environment[$"AWS__Endpoints__{service}"]));
        Waits(model, program, "localstack");
        Waits(model, program, "localcloud");
        Waits(model, program, "lake");
    }

    [Fact]
    public async Task On_LocalStack_LocalCloud_takes_the_same_template_and_parameters_and_reads_LocalStacks_objects()
    {
        await using var model = await Models.OnLocalStackAsync();
        var localCloud = await model.EnvironmentAsync("localcloud");
        var lake = model.Find<ICloudFormationTemplateResource>("lake");

        Assert.Equal(lake.TemplatePath, localCloud["LocalCloud__Template"]);
        Assert.Equal("AWS::Glue::*,AWS::Athena::*", localCloud["LocalCloud__ResourceTypes"]);
        Assert.Equal("{localstack.bindings.http.url}", localCloud["LocalCloud__Upstream__Url"]);
        Assert.Equal("events/", localCloud["LocalCloud__Parameters__Prefix"]);
        Assert.Equal("json", localCloud["LocalCloud__Parameters__DataFormat"]);
        Assert.Equal("cloudformation,firehose,iam,logs,s3,sqs,sts", (await model.EnvironmentAsync("localstack"))["SERVICES"]);
    }

    [Theory]
    [InlineData("beacon")]
    [InlineData("catalog")]
    public async Task On_AWS_no_endpoint_and_no_key_is_given(string program)
    {
        await using var model = await Models.OnAwsAsync("--AWS:Region=eu-west-1");
        var environment = await model.EnvironmentAsync(program);

        Assert.DoesNotContain(environment.Keys, name => name.StartsWith("AWS__Endpoints__", StringComparison.Ordinal) || name is "AWS__AccessKey" or "AWS__SecretKey");
        Assert.DoesNotContain("JobLock__Worker", environment.Keys);
        Assert.Equal("eu-west-1", environment["AWS__Region"]);
        Waits(model, program, "lake");
    }

    [Fact]
    public async Task The_beacon_and_the_worker_share_the_field_file_and_the_journal()
    {
        await using var model = await Models.EmbeddedAsync();
        var beacon = await model.EnvironmentAsync("beacon");
        var catalog = await model.EnvironmentAsync("catalog");

        Assert.EndsWith("pixel.fields.json", beacon["Fields__File"], StringComparison.Ordinal);
        Assert.Equal(beacon["Fields__File"], catalog["Jobs__schema__FieldFile"]);
        Assert.Equal(model.DataFolder("journal"), beacon["Journal__Folder"]);
        Assert.Equal(model.DataFolder("journal", "dead-letter"), catalog["Jobs__redrive__DeadLetterFolder"]);
        Assert.Equal("aspire", catalog["JobLock__Worker"]);
    }

    [Fact]
    public async Task A_field_that_is_added_to_the_field_file_is_a_column_without_further_steps()
    {
        var fields = Path.GetTempFileName();
        await File.WriteAllTextAsync(fields, """
            { "fields": [ { "name": "shoe_size", "type": "int", "from": ["query:shoe"] } ] }
            """, TestContext.Current.CancellationToken);
        try
        {
            await using var model = await Models.EmbeddedAsync($"--Fields:File={fields}");
            var template = JsonNode.Parse(await File.ReadAllTextAsync((await model.EnvironmentAsync("localcloud"))["LocalCloud__Template"], TestContext.Current.CancellationToken))!;
            var columns = template["Resources"]!["EventTable"]!["Properties"]!["TableInput"]!["StorageDescriptor"]!["Columns"]!.AsArray();

            Assert.Contains(columns, column => (string?)column!["Name"] == "shoe_size");
            Assert.Equal("shoe_size", (await model.EnvironmentAsync("beacon"))["AWS__Resources__EventFields"]);
        }
        finally
        {
            File.Delete(fields);
        }
    }

    [Fact]
    public async Task The_buffer_time_is_a_parameter()
    {
        await using var usual = await Models.EmbeddedAsync();
        await using var longer = await Models.EmbeddedAsync("--Parameters:buffer-seconds=900");

        Assert.Equal("{buffer-seconds.value}", (await usual.EnvironmentAsync("localcloud"))["LocalCloud__Parameters__BufferSeconds"]);
        Assert.Equal("15", await usual.Find<ParameterResource>("buffer-seconds").GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Equal("900", await longer.Find<ParameterResource>("buffer-seconds").GetValueAsync(TestContext.Current.CancellationToken));
    }

    private static void Waits(Models model, string program, string what) =>
        Assert.Contains(model.Find<IResource>(program).Annotations.OfType<WaitAnnotation>(), wait => wait.Resource.Name == what);
}
