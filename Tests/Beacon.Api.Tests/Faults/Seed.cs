using System.Globalization;

namespace Beacon.Api.Tests.Faults;

/// <summary>
/// Where a test's dice come from: another seed each time, written to the test's output, which is shown when it fails.
/// <c>PIXEL_TEST_SEED</c> throws the same ones again.
/// </summary>
internal static class Seed
{
    public static Random Dice()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("PIXEL_TEST_SEED"), CultureInfo.InvariantCulture, out var told)
            ? told
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"PIXEL_TEST_SEED={seed}");
        return new Random(seed);
    }
}
