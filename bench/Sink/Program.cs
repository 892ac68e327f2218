// Stands behind the beacon in a benchmark: speaks as much of Firehose as the beacon asks for, and counts what arrives.
// LocalCloud would do it too, but it buffers and converts, and would be what is measured. So would a web server: it reads a
// put in hundreds of pieces, each passed from thread to thread, on the processors that the beacon is measured on.
using System.Net.Sockets;
using Bench.Sink;

if (args is not ["--port", var text] || !ushort.TryParse(text, out var port))
{
    Console.Error.WriteLine("usage: Bench.Sink --port PORT");
    return 2;
}

var tally = new Tally();
using var listener = new TcpListener(System.Net.IPAddress.Loopback, port);
listener.Start();
while (true)
{
    var connection = new Connection(listener.AcceptSocket(), tally);
    new Thread(connection.Serve) { IsBackground = true }.Start();
}
