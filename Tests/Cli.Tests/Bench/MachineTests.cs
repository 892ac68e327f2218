using Cli.Bench;

namespace Cli.Tests.Bench;

public sealed class MachineTests
{
    [Theory]
    [InlineData("cpu  100 0 100 800 0 0 0 0 0 0", 0.0)] // nothing at all between the two
    [InlineData("cpu  100 0 100 980 20 0 0 0 0 0", 0.0)] // idle, also for a disk
    [InlineData("cpu  110 20 130 900 20 5 5 10 70 0", 0.4)] // 80 of 200; what a guest took (70) is in user already
    public void A_machine_is_as_busy_as_its_processors_were_between_two_readings(string after, double part)
    {
        const string before = "cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 50 0 50 400 0 0 0 0 0 0\nbtime 1";

        var busy = Machine.BusyBetween(before, $"{after}\ncpu0 1 2 3 4 5 6 7 8 9 10\nbtime 1");

        Assert.Equal(part, busy, precision: 9);
    }
}
