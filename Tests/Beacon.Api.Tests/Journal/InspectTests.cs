using Beacon.Api.Journal;

namespace Beacon.Api.Tests.Journal;

public sealed class InspectTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspecting_a_folder_in_use_tells_segments_numbers_and_damage()
    {
        using var journal = Journals.Open(_folder.Path);
        await journal.AppendAllAsync(Journals.Ids("e", 5));
        await journal.MarkDeliveredAsync(2);
        var path = Assert.Single(Journals.Segments(_folder.Path));
        var offset = Journals.Offsets(path)[3];
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.Write(file, [0], offset);
        }

        var output = new StringWriter();
        var exitCode = JournalCommand.TryRun(["journal", "inspect", _folder.Path], output, TextWriter.Null);

        Assert.Equal(2, exitCode);
        var lines = output.ToString();
        Assert.Contains("checkpoint: everything up to 2 is delivered", lines, StringComparison.Ordinal);
        Assert.Contains($"damaged at {offset}", lines, StringComparison.Ordinal);
        Assert.Contains("4 events, 1 to 5,", lines, StringComparison.Ordinal);
        Assert.Contains($"beacon {journal.BeaconId}: 1 to 5, 1 missing in between", lines, StringComparison.Ordinal);
        Assert.Contains("4 events, 2 undelivered, 1 damaged stretches", lines, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["quarantine"]));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_one_sentence()
    {
        var error = new StringWriter();
        Assert.Equal(1, JournalCommand.TryRun(["journal", "inspect", _folder["none"]], TextWriter.Null, error));
        Assert.Equal($"There is no folder '{_folder["none"]}'.", error.ToString().TrimEnd());
    }

    [Fact]
    public void Other_arguments_are_not_its_business() =>
        Assert.Null(JournalCommand.TryRun(["--urls", "http://127.0.0.1:0"], TextWriter.Null, TextWriter.Null));

    [Fact]
    public void The_checksum_is_the_published_one() =>
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
}
