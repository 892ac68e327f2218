using System.Diagnostics;
using Cli.Bench.Processes;

namespace Cli.Tests.Bench;

public class ProcessUsageTests
{
    [Fact]
    public void The_two_files_of_a_process_are_read_whatever_its_name_is()
    {
        var usage = ProcessUsage.Parse(
            "4242 (a) b (c) S 1 4242 4242 0 -1 4194560 9000 0 12 0 250 150 30 20 20 0 9 0 881 273604878336 50000 18446744073709551615",
            ["Name:\ta) b (c", "VmPeak:\t  900000 kB", "VmHWM:\t   71680 kB", "VmRSS:\t   70656 kB", "RssAnon:\t   20480 kB", "RssFile:\t   49152 kB", "RssShmem:\t    1024 kB", "Threads:\t9"]);

        Assert.Equal(new ProcessUsage(TimeSpan.FromSeconds(4.5), 70L << 20, 69L << 20, 20L << 20, 49L << 20), usage);
    }

    [Fact]
    public void A_tree_holds_what_its_children_hold()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's");
        using var parent = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 600 & read line; kill $!"]) { RedirectStandardInput = true })!;
        try
        {
            // The shell makes its child at its own time.
            Assert.True(SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{parent.Id}/task/{parent.Id}/children").Length > 0, TimeSpan.FromMinutes(1)));
            var alone = ProcessUsage.Parse(File.ReadAllText($"/proc/{parent.Id}/stat"), File.ReadLines($"/proc/{parent.Id}/status"));

            Assert.True(ProcessUsage.OfTree(parent.Id).Resident > alone.Resident);
        }
        finally
        {
            parent.StandardInput.Close();
            parent.WaitForExit();
        }
    }
}
