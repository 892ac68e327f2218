namespace ServiceDefaults;

/// <summary>A program cannot start, and its user can mend it.</summary>
/// <param name="message">One sentence that names the setting to change.</param>
/// <param name="innerException">What happened underneath.</param>
public sealed class StartupException(string message, Exception? innerException = null) : Exception(message, innerException);
