using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Lambda;
using Amazon.CDK.AWS.Logs;
using Infrastructure.Permissions;

namespace Infrastructure.Functions;

/// <summary>
/// A web program as a Lambda function: its package holds the program as it is, named <c>bootstrap</c>, and AWS's web
/// adapter, which its layer makes an extension of the function, turns each invocation into a request to it. With it comes
/// its role, which may do what is listed, and nothing else.
/// </summary>
internal sealed class WebFunction
{
    /// <summary>Where the program listens, on the function's own loopback; the adapter asks there unless told otherwise.</summary>
    public const int Port = 8080;

    public WebFunction(Stack stack, string id, Options options)
    {
        Role = new CfnRole(stack, $"{id}Role", new CfnRoleProps
        {
            AssumeRolePolicyDocument = Policies.AssumedBy("lambda.amazonaws.com"),
            Policies = (object[])[Policies.Inline("work", options.Permissions), .. options.MorePolicies ?? []],
            ManagedPolicyArns = options.SharedPermissions is { Length: > 0 } shared ? [.. shared.Select(policy => policy.Ref)] : null,
        });

        Resource = new CfnFunction(stack, id, new CfnFunctionProps
        {
            Description = options.Description,
            Runtime = "provided.al2023",
            Handler = "bootstrap",
            Architectures = [options.Architecture.InLambda()],
            Code = new CfnFunction.CodeProperty { S3Bucket = options.Package.Bucket.ValueAsString, S3Key = options.Package.Key.ValueAsString },
            // AWS publishes the layer in every commercial region from this account.
            Layers =
            [
                Fn.Sub($"arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:753240598075:layer:{options.Architecture.AdapterLayer()}:${{{options.Package.AdapterVersion.LogicalId}}}"),
            ],
            MemorySize = options.MemoryMegabytes.ValueAsNumber,
            Timeout = options.Timeout.TotalSeconds,
            Role = Role.AttrArn,
            LoggingConfig = new CfnFunction.LoggingConfigProperty
            {
                LogGroup = options.Log.Ref,
                // Only logs in JSON have levels. The program's own lines are passed on as they are.
                LogFormat = options.IsCalledOften ? "JSON" : null,
                SystemLogLevel = options.IsCalledOften ? "WARN" : null,
            },
            Environment = new CfnFunction.EnvironmentProperty
            {
                Variables = new Dictionary<string, string>(options.Environment)
                {
                    ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{Port}",
                    ["AWS_LWA_READINESS_CHECK_PATH"] = "/health",
                },
            },
        });
    }

    /// <summary>The function.</summary>
    public CfnFunction Resource { get; }

    /// <summary>Its name.</summary>
    public string Name => Resource.Ref;

    /// <summary>Its ARN.</summary>
    public string Arn => Resource.AttrArn;

    /// <summary>Its role.</summary>
    public CfnRole Role { get; }

    /// <summary>A log for functions, which ends.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="id">Its logical id.</param>
    /// <param name="name">What it is called below the stack's name; empty: nothing more.</param>
    /// <param name="retentionDays">How long it is kept.</param>
    public static CfnLogGroup LogGroup(Stack stack, string id, string name, CfnParameter retentionDays)
    {
        var log = new CfnLogGroup(stack, id, new CfnLogGroupProps
        {
            LogGroupName = Fn.Sub($"/aws/lambda/${{AWS::StackName}}{name}"),
            RetentionInDays = retentionDays.ValueAsNumber,
        });
        log.ApplyRemovalPolicy(RemovalPolicy.DESTROY);
        return log;
    }

    /// <summary>Lets a function write a log. The names of its streams are Lambda's to choose: this is as near as an ARN comes.</summary>
    public static PolicyStatementProps MayWrite(CfnLogGroup log) => Policies.Allow(["logs:CreateLogStream", "logs:PutLogEvents"], log.AttrArn);

    /// <summary>What differs between functions.</summary>
    public sealed record Options
    {
        /// <summary>What it does, for people in the console.</summary>
        public required string Description { get; init; }

        /// <summary>Where its package lies.</summary>
        public required PackageParameters Package { get; init; }

        /// <summary>What the package was compiled for.</summary>
        public required ProcessorArchitecture Architecture { get; init; }

        /// <summary>Memory in MiB, which also decides the share of a processor.</summary>
        public required CfnParameter MemoryMegabytes { get; init; }

        /// <summary>After how long Lambda ends an invocation.</summary>
        public required TimeSpan Timeout { get; init; }

        /// <summary>Its log.</summary>
        public required CfnLogGroup Log { get; init; }

        /// <summary>
        /// Whether Lambda leaves out its own lines START, END and REPORT, some 450 bytes an invocation: of something that is
        /// called for each request they cost more than its memory does.
        /// </summary>
        public bool IsCalledOften { get; init; }

        /// <summary>The program's settings.</summary>
        public required IDictionary<string, string> Environment { get; init; }

        /// <summary>What it may do.</summary>
        public required PolicyStatementProps[] Permissions { get; init; }

        /// <summary>Policies of its role besides, in CloudFormation's own casing.</summary>
        public ICfnRuleConditionExpression[]? MorePolicies { get; init; }

        /// <summary>What it may do as others may.</summary>
        public CfnManagedPolicy[]? SharedPermissions { get; init; }
    }
}
