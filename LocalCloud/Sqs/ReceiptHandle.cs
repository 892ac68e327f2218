using System.Buffers.Binary;
using System.Buffers.Text;

namespace LocalCloud.Sqs;

/// <summary>
/// Stands for one receipt of a message. Each receipt has a handle of its own; only that of the last one can delete the message
/// or change its visibility. A message that was moved to another queue is out of reach of the handles from before.
/// </summary>
/// <param name="Queue">The number of the queue it was received from.</param>
/// <param name="Message">The message's number.</param>
/// <param name="Receipt">Which receipt of the message, counted from 1.</param>
internal readonly record struct ReceiptHandle(long Queue, long Message, int Receipt)
{
    private const int Size = 24;
    private const uint Mark = 0x51_53_31_00; // tells a handle from any other base64 of this length

    /// <summary>Reads a handle.</summary>
    /// <exception cref="Protocol.AwsException"><c>ReceiptHandleIsInvalid</c>, also when it is a handle of another queue.</exception>
    public static ReceiptHandle Parse(string text, long queue)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (!Base64Url.TryDecodeFromChars(text, bytes, out var length) || length != Size || BinaryPrimitives.ReadUInt32BigEndian(bytes) != Mark)
        {
            throw SqsErrors.ReceiptHandleIsInvalid(text);
        }

        var handle = new ReceiptHandle(
            BinaryPrimitives.ReadInt64BigEndian(bytes[4..]), BinaryPrimitives.ReadInt64BigEndian(bytes[12..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..]));
        return handle.Queue == queue ? handle : throw SqsErrors.ReceiptHandleIsInvalid(text);
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Mark);
        BinaryPrimitives.WriteInt64BigEndian(bytes[4..], Queue);
        BinaryPrimitives.WriteInt64BigEndian(bytes[12..], Message);
        BinaryPrimitives.WriteInt32BigEndian(bytes[20..], Receipt);
        return Base64Url.EncodeToString(bytes);
    }
}
