using Beacon.Api.Tests.Journal;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using ServiceDefaults;

namespace Beacon.Api.Tests;

public sealed class StartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Beacon:MaxQueryLength", "17", "Beacon:MaxQueryLength must be from 256 to 131072.")]
    [InlineData("Beacon:MaxQueryLength", "many", "Failed to convert configuration value 'many' at 'Beacon:MaxQueryLength' to type 'System.Int32'.")]
    [InlineData("Beacon:RetryAfter", "0", "Beacon:RetryAfter must be from 00:00:01 to 01:00:00.")]
    [InlineData("Beacon:TraceOneIn", "-1", "Beacon:TraceOneIn must be 0 or more.")]
    [InlineData("Delivery:RoleArn", "producer", "Delivery:RoleArn must be the ARN of a role, such as arn:aws:iam::123456789012:role/producer, not 'producer'.")]
    [InlineData("Delivery:RoleArn", "arn:aws:iam::123456789012:user/producer", "Delivery:RoleArn must be the ARN of a role, such as arn:aws:iam::123456789012:role/producer, not 'arn:aws:iam::123456789012:user/producer'.")]
    [InlineData("Delivery:RoleExternalId", "edge one", "Delivery:RoleExternalId must be 2 to 1224 letters, digits and characters of +=,.@:/-_.")]
    [InlineData("Delivery:RoleExternalId", "edge-one", "Delivery:RoleExternalId needs Delivery:RoleArn.")]
    [InlineData("Proxy:Known:0", "10.0.0.0/33", "Proxy:Known:0 must be an address or a network such as 10.0.0.0/8, not '10.0.0.0/33'.")]
    [InlineData("Fields:File", "/nowhere/fields.json", "The field file /nowhere/fields.json does not exist (setting Fields:File).")]
    public async Task A_wrong_setting_stops_the_start_with_one_sentence_that_names_it(string key, string value, string sentence) =>
        Assert.Equal(sentence, await FailAsync((key, value)));

    [Fact]
    public async Task A_wrong_field_file_stops_the_start_with_all_its_problems()
    {
        string sentence = await FailAsync(_folder.With("{ \"name\": \"ip\" },\n{ \"name\": \"x\", \"type\": \"date\" }"));

        Assert.Equal(
            $"The field file {_folder["test.fields.json"]} has 2 problems: line 1, field ip: the name 'ip' is a built-in column; "
            + "line 2, field x: the type 'date' is not known; it must be one of string, int, bigint, double, boolean, timestamp.",
            sentence);
    }

    [Fact]
    public async Task All_wrong_settings_are_told_at_once()
    {
        string sentence = await FailAsync(("Beacon:MaxQueryLength", "17"), ("Fields:File", "/nowhere/fields.json"));

        Assert.Contains("Beacon:MaxQueryLength must be", sentence);
        Assert.Contains("/nowhere/fields.json does not exist", sentence);
    }

    [Fact]
    public async Task The_example_settings_are_valid_and_are_the_defaults()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "appsettings.example.json");
        IConfiguration example = new ConfigurationBuilder().AddJsonFile(path).Build();

        Assert.Equal("131072", example["Beacon:MaxQueryLength"]);
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(
            [.. example.AsEnumerable().Where(s => s.Value is not null && !s.Key.StartsWith("Journal:Folder") && !s.Key.StartsWith("Kestrel") && !s.Key.StartsWith("AWS") && s.Key != "Delivery:DrainTimeout").Select(s => (s.Key, s.Value!))]);
        await beacon.KeepAsync("a=b");
    }

    private async Task<string> FailAsync(params (string, string)[] settings)
    {
        await using WebApplication app = RunningBeacon.Build(_folder, _ => { }, settings);
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync(TestContext.Current.CancellationToken));
        return StartFailure.Explain(failure) ?? failure.ToString();
    }
}
