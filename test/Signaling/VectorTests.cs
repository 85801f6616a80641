namespace NetServ.Signaling.Tests;

/// <summary>
/// Vectors/expected.tsv has a line per file: name, "valid" or the code word, field. A valid one has a NAME.canonical beside it. All
/// were signed by openssl with the key whose public half is user.pub.
/// </summary>
public class VectorTests
{
    private static string Folder => Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors");

    private static IEnumerable<TestCaseData> Vectors() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Vectors", "expected.tsv"))
            .Select(line => line.Split('\t'))
            .Select(cells => new TestCaseData(cells[0], cells[1], cells[2]).SetName("Vector " + cells[0]));

    [TestCaseSource(nameof(Vectors))]
    public void The_vector_is_judged_as_it_says(string name, string result, string field)
    {
        string judged = Judge(File.ReadAllBytes(Path.Combine(Folder, name + ".request")), out string judgedField, out byte[] canonical);
        Assert.That((judged, judgedField), Is.EqualTo((result, field)));
        if (result == "valid")
            Assert.That(canonical, Is.EqualTo(File.ReadAllBytes(Path.Combine(Folder, name + ".canonical"))));
    }

    [Test]
    public void Every_request_file_is_listed() =>
        Assert.That(
            Directory.GetFiles(Folder, "*.request").Select(Path.GetFileNameWithoutExtension),
            Is.EquivalentTo(Vectors().Select(vector => vector.Arguments[0])));

    private static string Judge(byte[] text, out string field, out byte[] canonical)
    {
        field = "";
        canonical = [];
        if (!NetServRequest.TryParse(text, out NetServRequest? request, out RequestRefusal? refusal))
        {
            field = refusal.Field;
            return refusal.CodeWord;
        }
        canonical = CanonicalForm.Write(request);
        if (request.Signature is null)
            return "unsigned";
        return RequestVerifier.Verify(request, File.ReadAllText(Path.Combine(Folder, "user.pub"))) ? "valid" : "bad-signature";
    }
}
