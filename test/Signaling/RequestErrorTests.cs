namespace NetServ.Signaling.Tests;

public class RequestErrorTests
{
    [Test]
    public void Every_error_has_a_word_of_its_own_and_a_status_class()
    {
        RequestError[] all = Enum.GetValues<RequestError>();
        Assert.Multiple(() =>
        {
            Assert.That(all.Select(RequestErrors.CodeWord), Is.Unique.And.All.Match("^[a-z]+(-[a-z]+)*$"));
            Assert.That(all.Select(RequestErrors.StatusClass), Is.All.InRange(3, 5));
            foreach (RequestError error in all)
                Assert.That(RequestErrors.TryParse(RequestErrors.CodeWord(error), out RequestError back) && back == error, Is.True);
        });
    }

    [TestCase(RequestError.PrefixNotAllowed, "prefix-not-allowed", 5)]
    [TestCase(RequestError.MalformedHeader, "malformed-header", 3)]
    [TestCase(RequestError.UnreachableUrl, "unreachable-url", 4)]
    public void Words_and_classes_are_stable(RequestError error, string word, int statusClass) =>
        Assert.That((RequestErrors.CodeWord(error), RequestErrors.StatusClass(error)), Is.EqualTo((word, statusClass)));

    [Test]
    public void A_refusal_prints_as_code_text_and_field() =>
        Assert.That(new RequestRefusal(RequestError.Stale, "issued", "Sign it again.").ToString(), Is.EqualTo("stale: Sign it again. (issued)"));
}
