using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Cli.Bench.Load;

/// <summary>
/// Sends a fixed number of requests every millisecond, whatever becomes of those before, and measures each from the moment
/// it was due. A server that stands still for 100 ms makes all that came due meanwhile late, as it would make visitors
/// wait; a client that waits for one answer before it asks again (wrk) would see one slow request.
/// </summary>
/// <remarks>
/// One thread, no allocation while it runs, so that the client makes no pauses of its own. A request that finds every
/// connection busy waits for one, and its time runs. What it measures includes the time until the operating system runs
/// this thread: on a machine without a spare processor that is a part of every number, for every server alike.
/// </remarks>
internal sealed class PacedLoad
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _time;
    private readonly string _server;
    private readonly byte[] _request;
    private readonly Queue<Connection> _idle;
    private readonly Dictionary<Socket, Connection> _connections = [];
    private readonly List<Socket> _busy = [];
    private readonly List<Socket> _readable = [];
    private readonly TimeSpan[] _latencies;
    private readonly int _rate;

    private PacedLoad(string server, int port, int connections, int rate, TimeSpan duration, TimeProvider time)
    {
        _time = time;
        _server = server;
        _request = SampleRequest.Bytes(port);
        _rate = rate;
        _latencies = new TimeSpan[(int)(rate * duration.TotalSeconds)];
        _idle = new(connections);
        for (var number = 0; number < connections; number++)
        {
            var connection = new Connection(port);
            _connections.Add(connection.Socket, connection);
            _idle.Enqueue(connection);
        }
    }

    /// <summary>Loads a server of this machine.</summary>
    /// <exception cref="CommandFailure">A request was answered with something else than 200, or not within 30 s.</exception>
    public static Task<PacedResult> RunAsync(string server, int port, int connections, int rate, TimeSpan duration, CancellationToken cancel) =>
        Task.Factory.StartNew(
            () =>
            {
                var load = new PacedLoad(server, port, connections, rate, duration, TimeProvider.System);
                try
                {
                    return load.Run(cancel);
                }
                catch (SocketException error)
                {
                    throw new CommandFailure($"{server} broke a connection: {error.Message}", error);
                }
                finally
                {
                    foreach (var socket in load._connections.Keys)
                    {
                        socket.Dispose();
                    }
                }
            },
            cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>When a request is due: at the beginning of its millisecond.</summary>
    private TimeSpan Due(int number) => Tick * Math.Floor(number * 1000.0 / _rate);

    private PacedResult Run(CancellationToken cancel)
    {
        var started = _time.GetTimestamp();
        int sent = 0, answered = 0;
        while (answered < _latencies.Length)
        {
            cancel.ThrowIfCancellationRequested();
            var now = _time.GetElapsedTime(started);
            while (sent < _latencies.Length && Due(sent) <= now && _idle.TryDequeue(out var connection))
            {
                connection.Number = sent++;
                connection.Socket.Send(_request);
                _busy.Add(connection.Socket);
            }

            WaitForAnswers();
            foreach (var socket in _readable)
            {
                var connection = _connections[socket];
                if (connection.ReceiveAnswer(_server))
                {
                    _latencies[connection.Number] = _time.GetElapsedTime(started) - Due(connection.Number);
                    answered++;
                    _busy.Remove(socket);
                    _idle.Enqueue(connection);
                }
            }

            if (_readable.Count == 0 && answered < sent && _time.GetElapsedTime(started) - Due(sent - 1) > Patience)
            {
                throw new CommandFailure(string.Create(CultureInfo.InvariantCulture, $"{_server} left {sent - answered} requests without an answer for {Patience.TotalSeconds:0} s."));
            }
        }

        return PacedResult.Of(_rate, _latencies, Due);
    }

    /// <summary>Sleeps until something is to be read, or for a millisecond.</summary>
    private void WaitForAnswers()
    {
        _readable.Clear();
        _readable.AddRange(_busy);
        if (_readable.Count == 0)
        {
            // An idle connection has nothing to say; asking it is how a socket sleeps without a timer.
            _idle.Peek().Socket.Poll(Tick, SelectMode.SelectRead);
            return;
        }

        Socket.Select(_readable, null, null, Tick);
    }

    private sealed class Connection
    {
        private static readonly byte[] EndOfHeaders = "\r\n\r\n"u8.ToArray();
        private readonly byte[] _buffer = new byte[4096];
        private int _received;

        public Connection(int port)
        {
            Socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            Socket.Connect(IPAddress.Loopback, port);
        }

        public Socket Socket { get; }

        /// <summary>That of the request on its way.</summary>
        public int Number { get; set; }

        /// <returns>Whether the answer is complete.</returns>
        public bool ReceiveAnswer(string server)
        {
            var count = Socket.Receive(_buffer.AsSpan(_received));
            if (count == 0)
            {
                throw new CommandFailure($"{server} closed a connection instead of answering.");
            }

            _received += count;
            var received = _buffer.AsSpan(0, _received);
            var headers = received.IndexOf(EndOfHeaders);
            if (headers < 0)
            {
                return false;
            }

            if (!received.StartsWith("HTTP/1.1 200 "u8))
            {
                throw new CommandFailure($"{server} answered {System.Text.Encoding.ASCII.GetString(received[..received.IndexOf((byte)'\r')])}.");
            }

            if (_received < headers + EndOfHeaders.Length + LengthOfBody(received[..headers]))
            {
                return false;
            }

            _received = 0;
            return true;
        }

        private static int LengthOfBody(ReadOnlySpan<byte> headers)
        {
            var name = "\r\nContent-Length: "u8;
            var at = headers.IndexOf(name);
            return at >= 0 && Utf8Parser.TryParse(headers[(at + name.Length)..], out int length, out _) ? length : 0;
        }
    }
}
