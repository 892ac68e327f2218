using Beacon.Api.Tests.Crash;
using Beacon.Api.Tests.Delivery;
using Beacon.Api.Tests.Journal;

namespace Beacon.Api.Tests.Faults;

/// <summary>The real program under load while Firehose fails: no visitor notices, and everything arrives.</summary>
public sealed class FirehoseFaultTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly Visitors _visitors = new(6);
    private FirehoseEndpoint _firehose = null!;

    public async ValueTask InitializeAsync() => _firehose = await FirehoseEndpoint.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _firehose.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public Task Throttled_for_a_while_it_loses_nothing() => FailAsync("throttles", "throttles with 400");

    [Fact]
    public Task Answered_500_for_a_while_it_loses_nothing() => FailAsync("fails with 500");

    [Fact]
    public Task Without_a_stream_for_a_while_it_loses_nothing() => FailAsync("knows no such stream");

    [Fact]
    public Task With_failures_inside_of_200_it_loses_nothing() => FailAsync("refuses every record with 200", "refuses every other record with 200");

    [Fact]
    public Task Without_answers_for_a_while_it_loses_nothing() => FailAsync("never answers");

    [Fact]
    public Task With_connections_closed_before_and_after_taking_it_loses_nothing() => FailAsync("hangs up", "takes and hangs up");

    [Fact]
    public Task With_connections_closed_in_the_middle_of_an_answer_it_loses_nothing() => FailAsync("takes and breaks the answer off");

    [Fact]
    public Task With_answers_that_trickle_it_loses_nothing() => FailAsync("takes and answers a byte at a time");

    [Fact]
    public Task With_answers_that_do_not_account_for_every_record_it_loses_nothing() => FailAsync(
        "answers nothing", "answers an empty object", "counts failures and names none", "counts none and names too few",
        "counts a failure without a word on it", "answers a page");

    [Fact]
    public async Task With_all_failures_mixed_it_loses_nothing()
    {
        _firehose.Script = BadDays.AllMixed(Seed.Dice());
        await VisitUntilPutsAsync(40);
        await Proof.DrainAsync(_folder.Path, _firehose);
        AssertNothingIsLost();
    }

    [Fact]
    public async Task Refused_everything_it_answers_200_for_longer_than_a_segment_and_delivers_all_of_it_later()
    {
        _firehose.Script = _ => new PutAnswer.Refuse(503, "ServiceUnavailableException");
        await using (var beacon = await StartAsync("--Journal:SegmentSize", "65536"))
        {
            var enough = false;
            await Task.WhenAll(
                _visitors.VisitWhileAsync(beacon.Url, () => !enough && _visitors.Kept < 3000),
                _firehose.UntilAsync(endpoint => endpoint.Puts.Count >= 3));
            Assert.Empty(_firehose.Taken);

            _firehose.Script = _ => PutAnswer.Take;
            await beacon.TerminateAsync();
        }

        AssertNothingIsLost();
    }

    /// <remarks>
    /// The waits are drawn from 0 to a ceiling, at least a tenth of RetryBase; once throttled, from eight times as much. In
    /// ten thousand refused puts a spinning beacon would need ten thousand times the round trip; this one is told by the
    /// number of visitors that it serves meanwhile: they come at thousands a second, puts at tens.
    /// </remarks>
    [Fact]
    public async Task Throttling_slows_the_puts_down_whatever_the_load()
    {
        _firehose.Script = _ => new PutAnswer.Refuse(503, "ServiceUnavailableException");
        var clock = TimeProvider.System.GetTimestamp();
        await using (var beacon = await StartAsync("--Delivery:RetryBase", "00:00:00.200", "--Delivery:RetryCap", "00:00:05", "--Delivery:MaxInFlight", "4"))
        {
            await _visitors.VisitWhileAsync(beacon.Url, () => _firehose.Puts.Count < 8);
            var elapsed = TimeProvider.System.GetElapsedTime(clock);

            // Four may be on their way when it begins; then one waits at least 20 ms, on average 800 ms, before each put.
            Assert.InRange(_firehose.Puts.Count, 8, 12 + (elapsed.TotalSeconds * 1000 / 20));
            Assert.True(_visitors.Kept > 10 * _firehose.Puts.Count, $"{_firehose.Puts.Count} puts for {_visitors.Kept} events");
            Assert.Equal(0, _visitors.Refused);
            await beacon.KillAsync();
        }

        await Proof.DrainAsync(_folder.Path, _firehose);
        AssertNothingIsLost();
    }

    /// <summary>Has puts fail in each way in turn under load, then lets Firehose recover and the beacon end.</summary>
    private async Task FailAsync(params string[] faults)
    {
        _firehose.Script = put => BadDays.Faults[faults[put.Number % faults.Length]](put);
        await using (var beacon = await StartAsync(BadDays.Impatience))
        {
            await _visitors.VisitWhileAsync(beacon.Url, () => _firehose.Puts.Count < 3 + (2 * faults.Length) || _visitors.Kept < 300);
            Assert.False(beacon.HasExited);

            _firehose.Script = _ => PutAnswer.Take;
            Assert.Equal(0, await beacon.TerminateAsync());
        }

        AssertNothingIsLost();
    }

    private async Task VisitUntilPutsAsync(int puts)
    {
        await using var beacon = await StartAsync(BadDays.Impatience);
        await _visitors.VisitWhileAsync(beacon.Url, () => _firehose.Puts.Count < puts);
        await beacon.KillAsync();
    }

    private void AssertNothingIsLost()
    {
        Assert.Equal(0, _visitors.Refused);
        Proof.AllArrived(_visitors, _firehose, _folder.Path);
    }

    private Task<BeaconProcess> StartAsync(params string[] settings) =>
        BeaconProcess.StartAsync(BeaconProcess.Arguments(_folder.Path, _firehose.Url, settings));
}
