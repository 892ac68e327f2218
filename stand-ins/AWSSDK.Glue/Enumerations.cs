using Amazon.Runtime;

namespace Amazon.Glue;

public class ResourceShareType(string value) : ConstantClass(value)
{
    public static readonly ResourceShareType FOREIGN = new("FOREIGN");
    public static readonly ResourceShareType ALL = new("ALL");

    public static ResourceShareType FindValue(string value) => FindValue<ResourceShareType>(value);
    public static implicit operator ResourceShareType(string value) => FindValue(value);
}
