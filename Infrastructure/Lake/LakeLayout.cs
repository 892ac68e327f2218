using Amazon.CDK;

namespace Infrastructure.Lake;

/// <summary>
/// What follows from the parameters: the conditions of the template, and the folders of the bucket.
/// CloudFormation evaluates all of it, so one template serves every prefix and format.
/// </summary>
internal sealed class LakeLayout
{
    /// <summary>Folder of what Firehose could not convert or deliver.</summary>
    public const string ErrorsFolder = "errors/";

    /// <summary>Folder of Athena's query results.</summary>
    public const string ResultsFolder = "athena-results/";

    /// <summary>Folder of events that could not be sent again.</summary>
    public const string QuarantineFolder = "quarantine/";

    /// <summary>Folder of hours that the catalog worker has compacted.</summary>
    public const string CompactedFolder = "compacted/";

    /// <summary>Folder of the catalog worker's records of what it compacted and deleted.</summary>
    public const string ClosedManifestsFolder = "catalog/manifests/closed/";

    /// <summary>Firehose's own rule: an error prefix with expressions must name the type of the error.</summary>
    public const string ErrorPrefix =
        ErrorsFolder + "!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/!{firehose:random-string}/";

    private readonly LakeParameters _parameters;
    private readonly CfnCondition _bucketIsNamed;
    private readonly CfnCondition _hasKey;
    private readonly CfnCondition _streamIsNamed;
    private readonly CfnCondition _isParquet;
    private readonly CfnCondition _eventsExpire;

    public LakeLayout(Stack stack, LakeParameters parameters)
    {
        _parameters = parameters;
        _bucketIsNamed = new CfnCondition(stack, "BucketIsNamed", Not(parameters.BucketName, ""));
        _hasKey = new CfnCondition(stack, "HasKey", Not(parameters.KeyArn, ""));
        _streamIsNamed = new CfnCondition(stack, "StreamIsNamed", Not(parameters.StreamName, ""));
        _eventsExpire = new CfnCondition(stack, "EventsExpire", Not(parameters.EventsExpireAfterDays, "0"));
        HasProducers = new CfnCondition(stack, "HasProducers", Not(parameters.ProducerAccountIds, ""));
        HasProducerId = new CfnCondition(stack, "HasProducerId", Not(parameters.ProducerExternalId, ""));
        _isParquet = new CfnCondition(stack, "IsParquet", new CfnConditionProps
        {
            Expression = Fn.ConditionEquals(parameters.DataFormat.ValueAsString, "parquet"),
        });
    }

    /// <summary>Whether other accounts' beacons put events.</summary>
    public CfnCondition HasProducers { get; }

    /// <summary>Whether those must say an external id.</summary>
    public CfnCondition HasProducerId { get; }

    /// <summary>The folder of the events: the prefix up to its first expression, less the name of a partition column.</summary>
    public string EventsFolder =>
        Fn.Select(0, Fn.Split("!{", Fn.Select(0, Fn.Split("year=!{", _parameters.Prefix.ValueAsString))));

    /// <summary><c>hive</c> (year=/month=/day=/hour=) or <c>dated</c> (yyyy/MM/dd/HH/).</summary>
    /// <remarks>
    /// The word behind the first bar of <c>events/|hive||dated</c> or of <c>events/!{timestamp:yyyy/MM/dd/HH}/|dated</c>: no
    /// function says "contains", and a condition, which could choose, may not split a text
    /// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html).
    /// </remarks>
    public string KeyLayout => Fn.Select(1, Fn.Split("|",
        Fn.Join("|hive|", Fn.Split(LakeParameters.HiveHours, _parameters.Prefix.ValueAsString)) + "|dated"));

    public string? BucketName => OrNothing(_bucketIsNamed, _parameters.BucketName.ValueAsString).ToString();

    public string? StreamName => OrNothing(_streamIsNamed, _parameters.StreamName.ValueAsString).ToString();

    public double EventsExpireAfterDays =>
        // By way of a text: the .NET side of CDK cannot hand the expression itself over as "any value".
        Token.AsNumber(OrNothing(_eventsExpire, _parameters.EventsExpireAfterDays.ValueAsNumber).ToString()!);

    /// <summary>A value that depends on whether a key of one's own encrypts the bucket.</summary>
    public ICfnRuleConditionExpression ByKey(object own, object s3) => Fn.ConditionIf(_hasKey.LogicalId, own, s3);

    /// <summary>A property that is there with such a key only.</summary>
    public ICfnRuleConditionExpression KeyOnly(object value) => OrNothing(_hasKey, value);

    /// <summary>A value that depends on the format of the data.</summary>
    public ICfnRuleConditionExpression ByFormat(object parquet, object json) =>
        Fn.ConditionIf(_isParquet.LogicalId, parquet, json);

    /// <summary>A property that is there with Parquet only.</summary>
    public ICfnRuleConditionExpression ParquetOnly(object value) => OrNothing(_isParquet, value);

    private static ICfnRuleConditionExpression OrNothing(CfnCondition condition, object value) =>
        Fn.ConditionIf(condition.LogicalId, value, Aws.NO_VALUE);

    private static CfnConditionProps Not(CfnParameter parameter, string value) => new()
    {
        // Ref, not ValueAsNumber: a condition compares texts.
        Expression = Fn.ConditionNot(Fn.ConditionEquals(Fn.Ref(parameter.LogicalId), value)),
    };
}
