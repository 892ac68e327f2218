using System.ComponentModel;
using System.Diagnostics;

namespace Infrastructure;

/// <summary>Node.js, in which CDK runs.</summary>
public static class NodeRuntime
{
    internal const string Name = "Node.js";

    /// <summary>Whether <c>node</c> is on the path and answers.</summary>
    public static bool IsThere()
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true });
            node!.StandardOutput.ReadToEnd();
            node.WaitForExit();
            return node.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Without this, CDK fails with a stack trace that does not say what is missing.</summary>
    internal static void Require()
    {
        if (!IsThere())
        {
            throw new NodeMissingException();
        }
    }
}

/// <summary>CDK cannot run.</summary>
public sealed class NodeMissingException() : Exception("Synthesizing needs Node.js 20 or newer: node is not on the path.");
