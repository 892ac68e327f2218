namespace ServiceDefaults;

/// <summary>Which of the two health endpoints asks a check.</summary>
public static class HealthTags
{
    /// <summary>Asked by <c>/health</c>: unhealthy means that the process must be replaced.</summary>
    public const string Live = "live";

    /// <summary>Asked by <c>/ready</c>: unhealthy means that it should get no work for now.</summary>
    public const string Ready = "ready";
}
