using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using LocalCloud.Protocol;

namespace LocalCloud.S3;

/// <summary>The one owner of everything, as S3 names accounts: 64 hex digits that say nothing.</summary>
internal static class S3Owner
{
    public static string Id(AwsCall call) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("canonical user " + call.AccountId)));

    public static XElement Element(AwsCall call, string name = "Owner") => S3Xml.Element(name, S3Xml.Element("ID", Id(call)));
}
