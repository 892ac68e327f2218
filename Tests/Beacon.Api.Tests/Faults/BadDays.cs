using Beacon.Api.Tests.Delivery;

namespace Beacon.Api.Tests.Faults;

/// <summary>Every way in which Firehose can fail a put, by name, and days on which it does.</summary>
internal static class BadDays
{
    public static readonly PutAnswer Hang = new PutAnswer.TakeAfter(new TaskCompletionSource().Task);

    /// <summary>What happens to one put, by the fault's name.</summary>
    public static readonly IReadOnlyDictionary<string, Func<Put, PutAnswer>> Faults = new Dictionary<string, Func<Put, PutAnswer>>
    {
        ["throttles"] = _ => new PutAnswer.Refuse(503, "ServiceUnavailableException"),
        ["throttles with 400"] = _ => new PutAnswer.Refuse(400, "ThrottlingException"),
        ["fails with 500"] = _ => new PutAnswer.Refuse(500, "InternalFailure"),
        ["knows no such stream"] = _ => new PutAnswer.Refuse(400, "ResourceNotFoundException"),
        ["refuses every record with 200"] = put => new PutAnswer.TakeAllBut([.. Enumerable.Range(0, put.Records.Count)], "ServiceUnavailableException"),
        ["refuses every other record with 200"] = put => new PutAnswer.TakeAllBut([.. Enumerable.Range(0, put.Records.Count).Where(i => i % 2 == put.Number % 2)], "InternalFailure"),
        ["never answers"] = _ => Hang,
        ["hangs up"] = _ => new PutAnswer.HangUp(),
        ["takes and hangs up"] = _ => new PutAnswer.TakeAndHangUp(),
        ["takes and breaks the answer off"] = _ => new PutAnswer.TakeAndBreakOff(),
        ["takes and answers a byte at a time"] = _ => new PutAnswer.TakeAndTrickle(),
        ["answers nothing"] = _ => new PutAnswer.Say(""),
        ["answers an empty object"] = _ => new PutAnswer.Say("{}"),
        ["counts failures and names none"] = _ => new PutAnswer.Say("""{"FailedPutCount":1,"RequestResponses":[]}"""),
        ["counts none and names too few"] = _ => new PutAnswer.Say("""{"FailedPutCount":0,"RequestResponses":[]}"""),
        ["counts a failure without a word on it"] = _ => new PutAnswer.Say("""{"FailedPutCount":1,"RequestResponses":[{}]}"""),
        ["answers a page"] = _ => new PutAnswer.Say("<html>Down for maintenance.</html>"),
    };

    /// <summary>The settings under which a put that is not answered is given up soon.</summary>
    public static readonly string[] Impatience = ["--Delivery:PutTimeout", "00:00:00.300", "--Delivery:RetryBase", "00:00:00.010", "--Delivery:RetryCap", "00:00:00.100"];

    /// <summary>Of every ten puts about six fail, each in some way.</summary>
    public static Func<Put, PutAnswer> AllMixed(Random dice)
    {
        var ways = Faults.Values.ToList();
        var gate = new Lock();
        return put =>
        {
            lock (gate)
            {
                return dice.Next(10) < 6 ? ways[dice.Next(ways.Count)](put) : PutAnswer.Take;
            }
        };
    }
}
