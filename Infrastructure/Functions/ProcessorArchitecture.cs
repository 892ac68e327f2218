namespace Infrastructure.Functions;

/// <summary>The processors that the programs were compiled for.</summary>
public enum ProcessorArchitecture
{
    /// <summary>Cheaper a second; Native AOT must be compiled on such a machine, or with a cross compiler.</summary>
    Arm64,

    /// <summary>What most build machines are.</summary>
    X86,
}

internal static class ProcessorArchitectures
{
    /// <summary>The name in Lambda.</summary>
    public static string InLambda(this ProcessorArchitecture architecture) => architecture is ProcessorArchitecture.Arm64 ? "arm64" : "x86_64";

    /// <summary>The name in ECS.</summary>
    public static string InTasks(this ProcessorArchitecture architecture) => architecture is ProcessorArchitecture.Arm64 ? "ARM64" : "X86_64";

    /// <summary>The layer of the Lambda Web Adapter (https://aws.github.io/aws-lambda-web-adapter/getting-started/zip-packages.html).</summary>
    public static string AdapterLayer(this ProcessorArchitecture architecture) => architecture is ProcessorArchitecture.Arm64 ? "LambdaAdapterLayerArm64" : "LambdaAdapterLayerX86";
}
