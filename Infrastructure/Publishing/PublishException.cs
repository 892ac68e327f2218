namespace Infrastructure.Publishing;

/// <summary>What stops a publication; the message is the one sentence that says what to do.</summary>
public sealed class PublishException(string sentence, Exception? cause = null) : Exception(sentence, cause);
