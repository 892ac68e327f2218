using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.KinesisFirehose;
using Amazon.CDK.AWS.Logs;

namespace Infrastructure.Lake;

/// <summary>
/// The Firehose delivery stream that beacons put events into, with the role it works under and the log it writes
/// delivery errors to. With Parquet it converts by the event table's columns.
/// </summary>
internal sealed class EventStream
{
    private readonly CfnDeliveryStream _stream;

    public EventStream(Stack stack, LakeParameters parameters, LakeLayout layout, LakeBucket bucket, EventCatalog catalog)
    {
        // Named after the stack, not the stream: the stream's own name may be CloudFormation's choice.
        var log = new CfnLogGroup(stack, "DeliveryLog", new CfnLogGroupProps
        {
            LogGroupName = Fn.Sub("/aws/kinesisfirehose/${AWS::StackName}"),
            RetentionInDays = parameters.LogRetentionDays.ValueAsNumber,
        });
        log.ApplyRemovalPolicy(RemovalPolicy.DESTROY);
        var logStream = new CfnLogStream(stack, "DeliveryLogStream", new CfnLogStreamProps
        {
            LogGroupName = log.Ref,
            LogStreamName = "S3Delivery",
        });
        logStream.ApplyRemovalPolicy(RemovalPolicy.DESTROY);

        var role = new CfnRole(stack, "DeliveryRole", new CfnRoleProps
        {
            Description = "What Firehose may do to deliver tracking-pixel events",
            AssumeRolePolicyDocument = FirehoseOfThisAccount(),
            Policies = new object[]
            {
                Policy("write-lake", WriteTo(bucket, layout)),
                Policy("write-delivery-log", WriteLog(log, logStream)),
                layout.ParquetOnly(new Dictionary<string, object>
                {
                    ["PolicyName"] = "read-event-schema",
                    ["PolicyDocument"] = ReadSchema(catalog),
                }),
                layout.KeyOnly(new Dictionary<string, object>
                {
                    ["PolicyName"] = "use-key",
                    ["PolicyDocument"] = UseKey(parameters),
                }),
            },
        });

        _stream = new CfnDeliveryStream(stack, "EventStream", new CfnDeliveryStreamProps
        {
            DeliveryStreamName = layout.StreamName,
            DeliveryStreamType = "DirectPut",
            // What waits in Firehose is encrypted, too, with a key of AWS's own, which costs nothing and needs no permission.
            DeliveryStreamEncryptionConfigurationInput = new CfnDeliveryStream.DeliveryStreamEncryptionConfigurationInputProperty { KeyType = "AWS_OWNED_CMK" },
            ExtendedS3DestinationConfiguration = new CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty
            {
                BucketArn = bucket.Resource.AttrArn,
                RoleArn = role.AttrArn,
                Prefix = parameters.Prefix.ValueAsString,
                ErrorOutputPrefix = LakeLayout.ErrorPrefix,
                BufferingHints = new CfnDeliveryStream.BufferingHintsProperty
                {
                    IntervalInSeconds = parameters.BufferSeconds.ValueAsNumber,
                    SizeInMBs = parameters.BufferMegabytes.ValueAsNumber,
                },
                // Parquet pages are compressed by the converter, which refuses anything else here; json stays plain,
                // so that a person can read it.
                CompressionFormat = "UNCOMPRESSED",
                CloudWatchLoggingOptions = new CfnDeliveryStream.CloudWatchLoggingOptionsProperty
                {
                    Enabled = true,
                    LogGroupName = log.Ref,
                    LogStreamName = logStream.Ref,
                },
                DataFormatConversionConfiguration = layout.ParquetOnly(ToParquet(role, catalog)),
            },
        });
    }

    /// <summary>Its ARN.</summary>
    public string Arn => _stream.AttrArn;

    /// <summary>The delivery stream's name.</summary>
    public string Name => _stream.Ref;

    // A dictionary in CloudFormation's own casing: CDK does not translate property classes inside Fn::If.
    private static Dictionary<string, object> ToParquet(CfnRole role, EventCatalog catalog) => new()
    {
        ["Enabled"] = true,
        ["InputFormatConfiguration"] = new Dictionary<string, object>
        {
            ["Deserializer"] = new Dictionary<string, object>
            {
                ["OpenXJsonSerDe"] = new Dictionary<string, object>(),
            },
        },
        ["OutputFormatConfiguration"] = new Dictionary<string, object>
        {
            ["Serializer"] = new Dictionary<string, object>
            {
                ["ParquetSerDe"] = new Dictionary<string, object> { ["Compression"] = "SNAPPY" },
            },
        },
        ["SchemaConfiguration"] = new Dictionary<string, object>
        {
            ["CatalogId"] = Aws.ACCOUNT_ID,
            ["DatabaseName"] = catalog.DatabaseName,
            ["TableName"] = catalog.TableName,
            ["Region"] = Aws.REGION,
            ["RoleARN"] = role.AttrArn,
            ["VersionId"] = "LATEST",
        },
    };

    private static PolicyDocument FirehoseOfThisAccount() => Document(new PolicyStatementProps
    {
        Principals = [new ServicePrincipal("firehose.amazonaws.com")],
        Actions = ["sts:AssumeRole"],
        // No other account's stream may borrow the role (the "confused deputy").
        Conditions = new Dictionary<string, object>
        {
            ["StringEquals"] = new Dictionary<string, object> { ["aws:SourceAccount"] = Aws.ACCOUNT_ID },
        },
    });

    // The actions are those of the Firehose developer guide, "Grant Firehose access to an Amazon S3 destination".
    private static PolicyDocument WriteTo(LakeBucket bucket, LakeLayout layout) => Document(
        new PolicyStatementProps
        {
            Actions = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
            Resources = [bucket.Resource.AttrArn],
        },
        new PolicyStatementProps
        {
            Actions = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
            Resources = [bucket.ObjectsIn(layout.EventsFolder), bucket.ObjectsIn(LakeLayout.ErrorsFolder)],
        });

    private static PolicyDocument WriteLog(CfnLogGroup log, CfnLogStream logStream) => Document(new PolicyStatementProps
    {
        Actions = ["logs:PutLogEvents"],
        Resources =
        [
            Fn.Sub(
                "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}:log-stream:${Stream}",
                new Dictionary<string, string> { ["Group"] = log.Ref, ["Stream"] = logStream.Ref }),
        ],
    });

    private static PolicyDocument ReadSchema(EventCatalog catalog) => Document(new PolicyStatementProps
    {
        Actions = ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"],
        Resources =
        [
            Fn.Sub("arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:catalog"),
            Fn.Sub(
                "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:database/${Database}",
                new Dictionary<string, string> { ["Database"] = catalog.DatabaseName }),
            Fn.Sub(
                "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:table/${Database}/${Table}",
                new Dictionary<string, string>
                {
                    ["Database"] = catalog.DatabaseName,
                    ["Table"] = catalog.TableName,
                }),
        ],
    });

    // By way of S3 alone: the key is the bucket's.
    private static PolicyDocument UseKey(LakeParameters parameters) => Document(new PolicyStatementProps
    {
        Actions = ["kms:Decrypt", "kms:GenerateDataKey"],
        Resources = [parameters.KeyArn.ValueAsString],
        Conditions = new Dictionary<string, object>
        {
            ["StringEquals"] = new Dictionary<string, object> { ["kms:ViaService"] = Fn.Sub("s3.${AWS::Region}.${AWS::URLSuffix}") },
        },
    });

    private static CfnRole.PolicyProperty Policy(string name, PolicyDocument document) =>
        new() { PolicyName = name, PolicyDocument = document };

    private static PolicyDocument Document(params PolicyStatementProps[] statements) =>
        new(new PolicyDocumentProps { Statements = [.. statements.Select(props => new PolicyStatement(props))] });
}
