namespace Cli;

/// <summary>A command cannot do what was asked; the message is the one sentence that the user reads.</summary>
public sealed class CommandFailure(string sentence, Exception? cause = null) : Exception(sentence, cause);
