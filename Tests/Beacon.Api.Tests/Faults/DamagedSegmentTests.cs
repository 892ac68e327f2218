using System.Text;
using Beacon.Api.Journal;
using Beacon.Api.Tests.Crash;
using Beacon.Api.Tests.Delivery;
using Beacon.Api.Tests.Journal;

namespace Beacon.Api.Tests.Faults;

/// <summary>
/// The segment of a killed beacon is damaged behind its back. Every event that the damage does not touch arrives, in order,
/// and nothing arrives that was not written.
/// </summary>
/// <remarks>Nothing here knows the layout, but for this: an event's line stands in the file as it was written.</remarks>
public sealed class DamagedSegmentTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private FirehoseEndpoint _firehose = null!;

    public async ValueTask InitializeAsync() => _firehose = await FirehoseEndpoint.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _firehose.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public Task Cut_at_bytes_of_its_last_record_it_gives_every_event_before() => CutAsync(every: 16);

    [Fact, Trait("Category", "Soak")]
    public Task Cut_at_every_byte_of_its_last_record_it_gives_every_event_before() => CutAsync(every: 1);

    [Fact]
    public Task Zeroed_from_bytes_of_its_last_record_it_gives_every_event_before() => ZeroAsync(every: 16);

    [Fact, Trait("Category", "Soak")]
    public Task Zeroed_from_every_byte_of_its_last_record_it_gives_every_event_before() => ZeroAsync(every: 1);

    [Fact]
    public Task A_flipped_bit_at_sampled_places_costs_at_most_the_event_it_is_in() => FlipAsync(flips: 60);

    [Fact, Trait("Category", "Soak")]
    public Task A_flipped_bit_at_any_place_costs_at_most_the_event_it_is_in() => FlipAsync(flips: null);

    [Fact]
    public async Task A_damaged_middle_of_a_former_run_is_quarantined_while_a_real_beacon_delivers_the_rest_and_goes_on()
    {
        var visitors = new Visitors(4);
        _firehose.Script = _ => new PutAnswer.HangUp();
        await using (var beacon = await BeaconProcess.StartAsync(BeaconProcess.Arguments(_folder.Path, _firehose.Url)))
        {
            await visitors.VisitAsync(beacon.Url, until: 400, beacon.KillAsync);
        }

        var path = Assert.Single(Directory.GetFiles(_folder.Path, "*.journal"), HoldsEvents);
        var bytes = await File.ReadAllBytesAsync(path);
        var lines = Lines(bytes);
        var hit = lines[lines.Count / 3];
        Random.Shared.NextBytes(bytes.AsSpan(hit.Start + 20, 200));
        await File.WriteAllBytesAsync(path, bytes);

        _firehose.Script = _ => PutAnswer.Take;
        await using (var beacon = await BeaconProcess.StartAsync(BeaconProcess.Arguments(_folder.Path, _firehose.Url)))
        {
            await visitors.VisitAsync(beacon.Url, until: 400, async () => Assert.Equal(0, await beacon.TerminateAsync()));
        }

        var aside = await File.ReadAllBytesAsync(Assert.Single(Proof.Damaged(_folder.Path)));
        Assert.True(aside.AsSpan().IndexOf(bytes.AsSpan(hit.Start + 20, 200)) >= 0);
        var missing = visitors.Acknowledged.Except(_firehose.Arrived().Select(e => e.UserId)).ToList();
        Assert.Equal(hit.Text.Contains($"\"{missing.SingleOrDefault()}\"", StringComparison.Ordinal) ? missing : [], missing);
    }

    private async Task CutAsync(int every)
    {
        var (bytes, lines) = await WriteAsync(5);
        for (var at = lines[^2].End; at <= lines[^1].End; at += every)
        {
            var arrived = await ReadAsync(bytes[..at]);

            Assert.Equal(lines.Select(line => line.Text).Take(at < lines[^1].End ? 4 : 5), arrived);
        }
    }

    private async Task ZeroAsync(int every)
    {
        var (bytes, lines) = await WriteAsync(5);
        for (var at = lines[^2].End; at <= lines[^1].End; at += every)
        {
            var zeroed = (byte[])bytes.Clone();
            zeroed.AsSpan(at..).Clear();
            var arrived = await ReadAsync(zeroed);

            Assert.Equal(lines.Select(line => line.Text).Take(at < lines[^1].End ? 4 : 5), arrived);
        }
    }

    /// <param name="flips">How many; null for every bit up to the last line's end.</param>
    private async Task FlipAsync(int? flips)
    {
        var (bytes, lines) = await WriteAsync(4);
        var bits = lines[^1].End * 8;
        var dice = Seed.Dice();
        foreach (var bit in flips is { } some ? Enumerable.Range(0, some).Select(_ => dice.Next(bits)) : Enumerable.Range(0, bits))
        {
            var damaged = (byte[])bytes.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            var arrived = await ReadAsync(damaged);

            // What lies between two lines belongs to the record of the second.
            var hit = lines.FindIndex(line => bit / 8 < line.End);
            var expected = lines.Select(line => line.Text).ToList();
            if (!arrived.SequenceEqual(expected))
            {
                expected.RemoveAt(hit);
                Assert.Equal(expected, arrived);
            }
        }
    }

    /// <summary>Has a real beacon keep some events, one after the other, and kills it.</summary>
    private async Task<(byte[] Bytes, List<Line> Lines)> WriteAsync(int events)
    {
        _firehose.Script = _ => new PutAnswer.HangUp();
        await using (var beacon = await BeaconProcess.StartAsync(BeaconProcess.Arguments(_folder["source"], _firehose.Url, "--Journal:SegmentSize", "65536")))
        {
            await new Visitors(1).VisitAsync(beacon.Url, until: events, beacon.KillAsync);
        }

        _name = Path.GetFileName(Assert.Single(Directory.GetFiles(_folder["source"], "*.journal"), HoldsEvents));
        var bytes = await File.ReadAllBytesAsync(Path.Combine(_folder["source"], _name));
        var lines = Lines(bytes);
        if (lines.Count > events)
        {
            // The visitor's next request was written too before the kill came.
            bytes = bytes[..lines[events - 1].End];
        }

        return (bytes, lines[..events]);
    }

    private string _name = "";

    /// <summary>What a new beacon delivers of a segment.</summary>
    private async Task<List<string>> ReadAsync(byte[] segment)
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder[_name], segment);
        await using var firehose = await FirehoseEndpoint.StartAsync();
        await using (await DeliveringBeacon.StartAsync(folder.Path, firehose.Url))
        {
        }

        return [.. firehose.Taken.SelectMany(record => Encoding.UTF8.GetString(record).Split('\n', StringSplitOptions.RemoveEmptyEntries))];
    }

    private static bool HoldsEvents(string path) => Lines(File.ReadAllBytes(path)).Count > 0;

    private static List<Line> Lines(byte[] bytes)
    {
        var lines = new List<Line>();
        for (var at = 0; bytes.AsSpan(at).IndexOf("{\"event_id\""u8) is >= 0 and var start;)
        {
            var end = at + start + bytes.AsSpan(at + start).IndexOf((byte)'\n') + 1;
            lines.Add(new Line(at + start, end, Encoding.UTF8.GetString(bytes, at + start, end - at - start - 1)));
            at = end;
        }

        return lines;
    }

    private readonly record struct Line(int Start, int End, string Text);
}
