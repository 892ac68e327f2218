using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ServiceDefaults;

/// <summary>Failures of a start that a user can mend, each as one sentence.</summary>
public static class StartFailure
{
    /// <summary>The sentence for an exception that ended a start, or null when the exception is a defect.</summary>
    /// <param name="exception">What ended the start.</param>
    /// <param name="known">Explains exceptions of the service's own, such as those of a field file; null for all others.</param>
    public static string? Explain(Exception exception, Func<Exception, string?>? known = null)
        => known?.Invoke(exception) ?? exception switch
        {
            StartupException e => e.Message,
            OptionsValidationException e => Sentence(e.Failures),
            // The host validates all options before it gives up.
            AggregateException e when e.InnerExceptions.All(i => i is OptionsValidationException)
                => Sentence(e.InnerExceptions.Cast<OptionsValidationException>().SelectMany(i => i.Failures)),
            IOException { InnerException: AddressInUseException } e
                => $"{e.Message.TrimEnd('.')}; choose another with --urls or ASPNETCORE_URLS.",
            SocketException { SocketErrorCode: SocketError.AccessDenied }
                => "This user may not listen on that port; choose another with --urls or ASPNETCORE_URLS.",
            SocketException { SocketErrorCode: SocketError.AddressNotAvailable }
                => "This machine does not have that address; choose another with --urls or ASPNETCORE_URLS.",
            UnauthorizedAccessException e => e.Message,
            // By its message: a native program knows no source of an exception.
            FormatException e when e.Message.StartsWith("Invalid url: ", StringComparison.Ordinal) => $"{e.Message}; choose another with --urls or ASPNETCORE_URLS.",
            ArgumentOutOfRangeException { ParamName: "port" } => "A port is a number from 0 to 65535; choose another with --urls or ASPNETCORE_URLS.",
            // A settings file that cannot be read; what is wrong in it is said by the innermost.
            InvalidDataException { InnerException: FormatException inner } e => $"{e.Message.TrimEnd('.')}: {inner.GetBaseException().Message}",
            // A setting that is not of its type never reaches a validator. The binder's message names value and setting.
            InvalidOperationException { InnerException: not null } e when e.Message.StartsWith("Failed to convert configuration value ", StringComparison.Ordinal) => e.Message,
            _ => null,
        };

    private static string Sentence(IEnumerable<string> failures)
        => string.Join("; ", failures.Select(f => f.TrimEnd('.'))) + ".";
}
