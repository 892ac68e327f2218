using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LocalCloud.Templates.Language;

/// <summary>A parameter as the template declares it, with the rules its value must keep.</summary>
internal sealed record ParameterDeclaration
{
    private const string SsmValue = "AWS::SSM::Parameter::Value<";

    private static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The types whose values CloudFormation looks for in the account ("Supplied parameter types" in its User Guide). Here is no
    /// account to look in, so what a value must have is the form of such an id or name.
    /// </summary>
    private static readonly Dictionary<string, (string Pattern, string Kind)> AwsTypes = new(StringComparer.Ordinal)
    {
        ["AWS::EC2::AvailabilityZone::Name"] = ("[a-z]{2}(-[a-z]+)+-[0-9][a-z]", "the name of an availability zone"),
        ["AWS::EC2::Image::Id"] = ("ami-[0-9a-f]{8,17}", "the id of an image"),
        ["AWS::EC2::Instance::Id"] = ("i-[0-9a-f]{8,17}", "the id of an instance"),
        ["AWS::EC2::KeyPair::KeyName"] = (".+", "the name of a key pair"),
        ["AWS::EC2::SecurityGroup::GroupName"] = (".+", "the name of a security group"),
        ["AWS::EC2::SecurityGroup::Id"] = ("sg-[0-9a-f]{8,17}", "the id of a security group"),
        ["AWS::EC2::Subnet::Id"] = ("subnet-[0-9a-f]{8,17}", "the id of a subnet"),
        ["AWS::EC2::Volume::Id"] = ("vol-[0-9a-f]{8,17}", "the id of a volume"),
        ["AWS::EC2::VPC::Id"] = ("vpc-[0-9a-f]{8,17}", "the id of a VPC"),
        ["AWS::Route53::HostedZone::Id"] = ("Z[A-Z0-9]{1,31}", "the id of a hosted zone"),
        ["AWS::SSM::Parameter::Name"] = ("[A-Za-z0-9_./-]{1,2048}", "the name of an SSM parameter"),
    };

    public required string Name { get; init; }

    /// <summary>
    /// One of <c>String</c>, <c>Number</c>, <c>CommaDelimitedList</c>, <c>List&lt;Number&gt;</c>, a type of AWS's own such as
    /// <c>AWS::EC2::VPC::Id</c>, or a list of one. The value of an SSM parameter has the type that it is a value of.
    /// </summary>
    public required string Type { get; init; }

    public string? Default { get; init; }

    public IReadOnlyList<string>? AllowedValues { get; init; }

    public string? AllowedPattern { get; init; }

    public string? ConstraintDescription { get; init; }

    public decimal? MinValue { get; init; }

    public decimal? MaxValue { get; init; }

    public decimal? MinLength { get; init; }

    public decimal? MaxLength { get; init; }

    public bool NoEcho { get; init; }

    /// <summary>Whether what is given is the name of an SSM parameter, and the value what that has.</summary>
    public bool IsSsmValue { get; init; }

    private bool IsList => Type is "CommaDelimitedList" || Type.StartsWith("List<", StringComparison.Ordinal);

    private bool IsNumeric => Type is "Number" or "List<Number>";

    private string ItemType => ItemOf(Type);

    /// <exception cref="TemplateException">A member is unknown or of the wrong shape.</exception>
    public static ParameterDeclaration Parse(string name, JsonNode? node)
    {
        if (node is not JsonObject parameter)
        {
            throw new TemplateException($"Parameters.{name} is not an object.");
        }

        foreach (var (member, _) in parameter)
        {
            if (member is not ("Type" or "Default" or "Description" or "AllowedValues" or "AllowedPattern" or "ConstraintDescription"
                or "MinValue" or "MaxValue" or "MinLength" or "MaxLength" or "NoEcho"))
            {
                throw new TemplateException($"Parameters.{name}.{member} is not an attribute of a parameter.");
            }
        }

        var type = parameter["Type"].AsText() ?? throw new TemplateException($"Parameters.{name} has no Type.");
        var isSsmValue = type.StartsWith(SsmValue, StringComparison.Ordinal) && type.EndsWith('>');
        var of = isSsmValue ? type[SsmValue.Length..^1] : type;
        if (ItemOf(of) is not ("String" or "Number" or "CommaDelimitedList") && !AwsTypes.ContainsKey(ItemOf(of)))
        {
            throw new TemplateException($"Parameters.{name}.Type is {type}, which is not supported.");
        }

        return new ParameterDeclaration
        {
            Name = name,
            Type = of,
            IsSsmValue = isSsmValue,
            Default = parameter["Default"].AsScalar(),
            AllowedValues = parameter["AllowedValues"] is JsonArray allowed ? [.. allowed.Select(value => value.AsScalar() ?? "")] : null,
            AllowedPattern = parameter["AllowedPattern"].AsText(),
            ConstraintDescription = parameter["ConstraintDescription"].AsText(),
            MinValue = Limit("MinValue"),
            MaxValue = Limit("MaxValue"),
            MinLength = Limit("MinLength"),
            MaxLength = Limit("MaxLength"),
            NoEcho = parameter["NoEcho"].AsScalar() is "true",
        };

        decimal? Limit(string member) => parameter[member] is not { } limit
            ? null
            : Number(limit.AsScalar()) ?? throw new TemplateException($"Parameters.{name}.{member} is not a number.");
    }

    /// <summary>The parameter's value: what was given, else the default.</summary>
    /// <param name="given">The value that was given, or null.</param>
    /// <param name="setting">What to call a value that was given, e.g. <c>LocalCloud:Parameters:BucketName</c>.</param>
    /// <param name="ssm">What the parameters of Systems Manager are.</param>
    /// <exception cref="TemplateException">There is none, or it breaks a rule.</exception>
    public JsonNode Resolve(string? given, string setting, IReadOnlyDictionary<string, string>? ssm = null)
    {
        if ((given ?? Default) is not { } text)
        {
            throw new TemplateException($"{setting} is missing: the template has no default for it.");
        }

        var name = given is null ? $"The default of the template's parameter {Name}" : setting;
        if (IsSsmValue)
        {
            name = $"LocalCloud:SsmParameters:{text}";
            text = ssm?.GetValueOrDefault(text) ?? throw new TemplateException(
                $"{name} is missing: the template's parameter {Name} is the value of that SSM parameter, and LocalCloud has no Systems Manager.");
        }

        if (!IsList)
        {
            return Check(name, text);
        }

        var items = text.Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries);
        return new JsonArray([.. items.Select(item => Check(name, item))]);
    }

    private JsonValue Check(string name, string text)
    {
        var shown = NoEcho ? "what it is" : $"'{text}'";
        decimal? number = null;
        if (IsNumeric)
        {
            number = Number(text) ?? throw Broken($"a number, not {shown}");
            if (number < MinValue)
            {
                throw Broken($"at least {MinValue}, not {shown}");
            }

            if (number > MaxValue)
            {
                throw Broken($"at most {MaxValue}, not {shown}");
            }
        }

        if (AwsTypes.TryGetValue(ItemType, out var aws) && !Regex.IsMatch(text, $@"\A(?:{aws.Pattern})\z"))
        {
            throw Broken($"{aws.Kind}, not {shown}");
        }

        if (AllowedValues is not null && !AllowedValues.Contains(text, StringComparer.Ordinal))
        {
            throw Broken($"one of {string.Join(", ", AllowedValues)}, not {shown}");
        }

        if (text.Length < MinLength)
        {
            throw Broken($"at least {MinLength} characters long, not {shown}");
        }

        if (text.Length > MaxLength)
        {
            throw Broken($"at most {MaxLength} characters long, not {shown}");
        }

        // The whole value must match, as in CloudFormation.
        if (AllowedPattern is not null && !Regex.IsMatch(text, $@"\A(?:{AllowedPattern})\z", RegexOptions.None, PatternLimit))
        {
            throw ConstraintDescription is null
                ? Broken($"a text that matches {AllowedPattern}, not {shown}")
                : new TemplateException($"{name} is {shown}, but takes {LowerFirst(ConstraintDescription).TrimEnd('.')}.");
        }

        return number is { } value ? JsonValue.Create(value) : JsonValue.Create(text);

        TemplateException Broken(string rule) => new($"{name} must be {rule}.");
    }

    private static string ItemOf(string type) =>
        type.StartsWith("List<", StringComparison.Ordinal) && type.EndsWith('>') ? type[5..^1] : type;

    private static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string LowerFirst(string text) =>
        text.Length > 1 && char.IsUpper(text[0]) && !char.IsUpper(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
}
