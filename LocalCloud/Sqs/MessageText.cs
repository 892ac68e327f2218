namespace LocalCloud.Sqs;

/// <summary>The characters a message may have: those of XML, which SQS began with and still keeps to.</summary>
internal static class MessageText
{
    public static bool IsValid(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsSurrogate(c))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(c, text[i + 1]))
                {
                    return false;
                }

                i++;
            }
            else if (c is (< ' ' and not ('\t' or '\n' or '\r')) or '\uFFFE' or '\uFFFF')
            {
                return false;
            }
        }

        return true;
    }
}
