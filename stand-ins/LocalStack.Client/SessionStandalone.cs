using LocalStack.Client.Contracts;
using LocalStack.Client.Options;

namespace LocalStack.Client;

/// <inheritdoc cref="ISessionStandalone"/>
public class SessionStandalone : ISessionStandalone
{
    private ISessionOptions _session = new SessionOptions();
    private IConfigOptions _config = new ConfigOptions();

    private SessionStandalone()
    {
    }

    public static ISessionStandalone Init() => new SessionStandalone();

    public ISessionStandalone WithSessionOptions(ISessionOptions sessionOptions)
    {
        _session = sessionOptions;
        return this;
    }

    public ISessionStandalone WithConfigurationOptions(IConfigOptions configOptions)
    {
        _config = configOptions;
        return this;
    }

    public ISession Create() => new Session(_session, _config);
}
