using System.Text.Json.Nodes;

namespace Infrastructure.Tests.Edge;

/// <summary>That the comparison of calls with permissions finds what is wrong, both ways.</summary>
public sealed class BeaconCallsTests
{
    private const string Stream = "arn:aws:firehose:us-east-1:000000000000:deliverystream/pixel-events";

    [Fact]
    public void A_call_that_is_not_allowed_and_a_permission_that_is_not_used_are_told() => Assert.Equal(
        $"It calls firehose:PutRecord on {Stream} and may not.\nIt may sqs:SendMessage on arn:aws:sqs:us-east-1:000000000000:pixel-overflow and never does.",
        BeaconCalls.Compare(
            [
                JsonNode.Parse("""{"Action":"firehose:PutRecordBatch","Resource":{"Fn::GetAtt":["EventStream","Arn"]}}""")!,
                JsonNode.Parse("""{"Action":["sqs:SendMessage","logs:PutLogEvents"],"Resource":{"Fn::GetAtt":["OverflowQueue","Arn"]}}""")!,
            ],
            [("firehose:PutRecordBatch", Stream), ("firehose:PutRecord", Stream)]));

    [Fact]
    public void A_permission_on_another_resource_is_not_the_one_that_is_needed() => Assert.Equal(
        $"It calls firehose:PutRecordBatch on {Stream}2 and may not.\nIt may firehose:PutRecordBatch on {Stream} and never does.",
        BeaconCalls.Compare(
            [JsonNode.Parse("""{"Action":"firehose:PutRecordBatch","Resource":{"Fn::GetAtt":["EventStream","Arn"]}}""")!], [("firehose:PutRecordBatch", $"{Stream}2")]));
}
