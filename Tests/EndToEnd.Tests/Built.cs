using System.Reflection;

namespace EndToEnd.Tests;

/// <summary>What was built beside these tests.</summary>
internal static class Built
{
    /// <summary>The root of the checkout.</summary>
    public static string Checkout { get; } = Metadata("Checkout");

    /// <summary>Release or Debug.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>The program that `up` runs.</summary>
    public static string Standalone { get; } = Metadata("Standalone") + (OperatingSystem.IsWindows() ? ".exe" : "");

    private static string Metadata(string key) =>
        typeof(Built).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
