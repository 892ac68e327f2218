namespace LocalCloud.Templates;

/// <summary>A template, or a value for one of its parameters, that cannot be used. The message is one sentence.</summary>
public sealed class TemplateException(string sentence, Exception? inner = null) : Exception(sentence, inner);
