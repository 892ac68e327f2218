using System.Diagnostics;
using Beacon.Api.Journal;

namespace Beacon.Api.Tests.Journal;

/// <summary>A file system of one mebibyte, really full: no limit of ours is involved.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly bool _mounted;

    public FullDiskTests() => _mounted =
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", _folder.Path);

    public void Dispose()
    {
        if (_mounted)
        {
            Run("umount", "--lazy", _folder.Path);
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData(JournalSync.Process)]
    [InlineData(JournalSync.Always)]
    public async Task A_full_disk_refuses_events_keeps_the_old_ones_and_comes_back_when_they_are_delivered(JournalSync sync)
    {
        Assert.SkipUnless(_mounted, "Mounting a small file system needs Linux and root.");
        using var journal = Journals.Open(_folder.Path, segmentSize: 64 << 20, maxSize: 1L << 30, sync: sync, time: TimeProvider.System);
        using var reader = Journals.Read(journal);
        var kept = 0;
        AppendResult result;
        while ((result = await journal.AppendAsync($"first-{kept + 1}", padding: 1000)) == AppendResult.Kept)
        {
            kept++;
        }

        Assert.Equal(AppendResult.Full, result);
        Assert.InRange(kept, 700, 1000);
        Assert.False(journal.CanAppend);

        // The checkpoint has no room either; what it frees is the segment's.
        var events = Journals.ReadAll(reader);
        await journal.MarkDeliveredAsync(events[^1].Sequence);
        events.AddRange(Journals.ReadAll(reader));
        journal.TryUnblock();
        while (!journal.CanAppend)
        {
            await Task.Yield(); // a flush decides, where there is one
        }

        await journal.AppendAllAsync(Journals.Ids("again", 500), padding: 1000);
        events.AddRange(Journals.ReadAll(reader));
        Assert.Equal([.. Journals.Ids("first", kept), .. Journals.Ids("again", 500)], events.Select(e => e.Id));
        Assert.Equal(Enumerable.Range(1, kept + 500).Select(i => (long)i), events.Select(e => e.BeaconSeq));
    }

    [Fact]
    public async Task A_disk_that_is_full_at_start_does_not_stop_the_start_and_space_that_others_free_is_found()
    {
        Assert.SkipUnless(_mounted, "Mounting a small file system needs Linux and root.");
        File.WriteAllBytes(_folder["lock-was-here"], []);
        Fill(_folder["others"]);

        using var journal = Journals.Open(_folder.Path);
        Assert.Equal(AppendResult.Full, await journal.AppendAsync("refused"));
        journal.TryUnblock();
        Assert.False(journal.CanAppend);

        File.Delete(_folder["others"]);
        journal.TryUnblock();
        Assert.True(journal.CanAppend);
        await journal.AppendAllAsync(["kept"]);
        using var reader = Journals.Read(journal);
        Assert.Equal([("kept", 1L)], Journals.ReadAll(reader).Select(e => (e.Id, e.BeaconSeq)));
    }

    private static void Fill(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        try
        {
            for (long at = 0; ; at += 4096)
            {
                RandomAccess.Write(file, new byte[4096], at);
            }
        }
        catch (IOException)
        {
        }
    }

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
