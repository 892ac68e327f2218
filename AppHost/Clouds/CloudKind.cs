namespace AppHost.Clouds;

/// <summary>Where S3, Firehose, Glue and Athena are during a run.</summary>
public enum CloudKind
{
    /// <summary>All of them in LocalCloud: nothing else is needed.</summary>
    Embedded,

    /// <summary>S3 and Firehose in a LocalStack container; Glue and Athena, which its free edition lacks, in LocalCloud.</summary>
    LocalStack,

    /// <summary>All of them on AWS, with the developer's own profile.</summary>
    Aws,
}
