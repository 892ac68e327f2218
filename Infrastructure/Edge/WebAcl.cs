using Amazon.CDK;
using Amazon.CDK.AWS.WAFv2;

namespace Infrastructure.Edge;

/// <summary>
/// A web ACL of AWS WAF. It blocks what a list names, who asks too often, addresses of bad repute, and requests that attack;
/// it keeps no samples and no log, since those would hold the addresses and queries that the beacon takes care to mask.
/// </summary>
internal static class WebAcl
{
    /// <summary>
    /// Rules of the common set that only count here: a pixel's query is long and has addresses of pages in it, with whatever
    /// these hold (<c>../</c>, <c>.ini</c>, <c>&lt;</c>), and not all that opens a mail names itself. What the query says is
    /// stored and never followed, run or shown as it came (AWS WAF Developer Guide, "Baseline rule groups").
    /// </summary>
    private static readonly string[] CountedOnly =
    [
        "SizeRestrictions_QUERYSTRING", "GenericRFI_QUERYARGUMENTS", "GenericLFI_QUERYARGUMENTS", "EC2MetaDataSSRF_QUERYARGUMENTS",
        "RestrictedExtensions_QUERYARGUMENTS", "CrossSiteScripting_QUERYARGUMENTS", "NoUserAgent_HEADER",
    ];

    /// <summary>Makes it.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="scope"><c>CLOUDFRONT</c>, which works in us-east-1 alone, or <c>REGIONAL</c>.</param>
    public static CfnWebACL Make(Stack stack, string scope)
    {
        var rate = StackParameters.Whole(stack, "RequestsPerAddress", 20_000, 10, 2_000_000_000,
            "Requests of one address in five minutes beyond which it is blocked. Mail services and companies ask for many people from few addresses.");
        var blocked4 = Blocked(stack, scope, "BlockedAddresses", "IPV4", "192.0.2.0/24,198.51.100.7/32");
        var blocked6 = Blocked(stack, scope, "BlockedAddressesV6", "IPV6", "2001:db8::/32");
        return new CfnWebACL(stack, "WebAcl", new CfnWebACLProps
        {
            Description = "The tracking pixel",
            Scope = scope,
            DefaultAction = new CfnWebACL.DefaultActionProperty { Allow = new CfnWebACL.AllowActionProperty() },
            VisibilityConfig = Visibility("web-acl"),
            Rules = new[]
            {
                // Cheap and certain rules first: a request that one blocks is not looked at by the next.
                Rule(0, "blocked-addresses", new CfnWebACL.StatementProperty
                {
                    OrStatement = new CfnWebACL.OrStatementProperty
                    {
                        Statements = new[] { InSet(blocked4), InSet(blocked6) },
                    },
                }),
                Rule(1, "rate", new CfnWebACL.StatementProperty
                {
                    RateBasedStatement = new CfnWebACL.RateBasedStatementProperty { AggregateKeyType = "IP", Limit = rate.ValueAsNumber },
                }),
                Managed(2, "reputation", "AWSManagedRulesAmazonIpReputationList"),
                Managed(3, "known-bad-inputs", "AWSManagedRulesKnownBadInputsRuleSet"),
                Managed(4, "common", "AWSManagedRulesCommonRuleSet", CountedOnly),
            },
        });
    }

    private static CfnIPSet Blocked(Stack stack, string scope, string name, string version, string example)
    {
        var list = StackParameters.List(stack, name, $"Networks that are blocked, separated by commas, such as {example}.");
        var isGiven = new CfnCondition(stack, $"Has{name}", new CfnConditionProps
        {
            Expression = Fn.ConditionNot(Fn.ConditionEquals(Fn.Join("", list.ValueAsList), "")),
        });
        var set = new CfnIPSet(stack, $"{name}Set", new CfnIPSetProps
        {
            Description = "Networks that get no pixel",
            Scope = scope,
            IpAddressVersion = version,
            Addresses = [],
        });
        set.AddPropertyOverride("Addresses", StackParameters.If(isGiven, new Dictionary<string, object> { ["Ref"] = list.LogicalId }, Array.Empty<string>()));
        return set;
    }

    private static CfnWebACL.StatementProperty InSet(CfnIPSet set) => new()
    {
        IpSetReferenceStatement = new CfnWebACL.IPSetReferenceStatementProperty { Arn = set.AttrArn },
    };

    private static CfnWebACL.RuleProperty Rule(double priority, string name, CfnWebACL.StatementProperty statement) => new()
    {
        Name = name,
        Priority = priority,
        Action = new CfnWebACL.RuleActionProperty { Block = new CfnWebACL.BlockActionProperty() },
        Statement = statement,
        VisibilityConfig = Visibility(name),
    };

    private static CfnWebACL.RuleProperty Managed(double priority, string name, string group, params string[] countedOnly) => new()
    {
        Name = name,
        Priority = priority,
        OverrideAction = new CfnWebACL.OverrideActionProperty { None = new Dictionary<string, object>() },
        Statement = new CfnWebACL.StatementProperty
        {
            ManagedRuleGroupStatement = new CfnWebACL.ManagedRuleGroupStatementProperty
            {
                VendorName = "AWS",
                Name = group,
                RuleActionOverrides = countedOnly.Length == 0 ? null : countedOnly.Select(rule => new CfnWebACL.RuleActionOverrideProperty
                {
                    Name = rule,
                    ActionToUse = new CfnWebACL.RuleActionProperty { Count = new CfnWebACL.CountActionProperty() },
                }).ToArray(),
            },
        },
        VisibilityConfig = Visibility(name),
    };

    private static CfnWebACL.VisibilityConfigProperty Visibility(string name) => new()
    {
        CloudWatchMetricsEnabled = true,
        MetricName = name,
        SampledRequestsEnabled = false,
    };
}
