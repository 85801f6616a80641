using static NetServ.Signaling.Tests.Requests;

namespace NetServ.Signaling.Tests;

public class RequestRobustnessTests
{
    private static readonly byte[] s_whole = Bytes(SetupLines.With("signature", "MEUCIQDf"));

    [Test]
    public void A_request_cut_at_any_byte_is_read_or_refused_with_a_sentence()
    {
        int refused = 0;
        for (int length = 0; length < s_whole.Length; length++)
            refused += Judge(s_whole.AsSpan(0, length)) ? 0 : 1;
        Assert.That(refused, Is.GreaterThan(s_whole.Length / 2));
    }

    [Test]
    public void Random_changes_give_a_request_that_reads_back_or_a_refusal()
    {
        Random random = new(20250131);
        int read = 0;
        for (int round = 0; round < 100_000; round++)
        {
            byte[] text = [.. s_whole];
            for (int change = random.Next(1, 4); change > 0; change--)
                text[random.Next(text.Length)] = (byte)random.Next(256);
            read += Judge(text) ? 1 : 0;
        }
        Assert.That(read, Is.GreaterThan(0));
    }

    [Test]
    public void Random_lines_of_known_words_give_a_request_that_reads_back_or_a_refusal()
    {
        string[] words = [.. SetupLines.SelectMany(line => line.Split(' ')), "\r", "\0", ":", ",", "=", "filter-", "\u212a", "\ud83d\ude00", "", "99999999999"];
        Random random = new(20250201);
        for (int round = 0; round < 50_000; round++)
        {
            IEnumerable<string> lines = Enumerable.Range(0, random.Next(20)).Select(_ => string.Join(' ', random.GetItems(words, random.Next(5))));
            Judge(Bytes(random.Next(2) == 0 ? lines : SetupLines.Concat(lines)));
        }
        Assert.Pass();
    }

    // True if it was read; then writing and reading it again must give the same canonical bytes.
    private static bool Judge(ReadOnlySpan<byte> text)
    {
        if (NetServRequest.TryParse(text, out NetServRequest? request, out RequestRefusal? refusal))
        {
            if (!NetServRequest.TryParse(request.ToBytes(), out NetServRequest? again, out _) || !CanonicalForm.Write(again).AsSpan().SequenceEqual(CanonicalForm.Write(request)))
                Assert.Fail("does not read back: " + Convert.ToHexString(text));
            return true;
        }
        if (refusal.Field.Length == 0 || !refusal.Text.EndsWith('.') || refusal.Text.Any(char.IsControl))
            Assert.Fail("unhelpful refusal: " + refusal);
        return false;
    }
}
