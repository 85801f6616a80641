using NetServ.Demo.Running;
using NetServ.Demo.Story.Live;

namespace NetServ.Demo.Tests.Live;

public class TerminalTests
{
    [TestCase("LC_ALL=|LC_CTYPE=|LANG=en_US.UTF-8", true)]
    [TestCase("LANG=C.utf8", true)]
    [TestCase("LC_CTYPE=de_DE.UTF-8|LANG=C", true)]
    [TestCase("LC_ALL=C|LANG=en_US.UTF-8", false)]
    [TestCase("LANG=de_DE.ISO-8859-1", false)]
    [TestCase("LANG=", false)]
    public void Unicode_is_drawn_where_the_locale_says_so(string environment, bool unicode)
    {
        Dictionary<string, string> variables = environment.Split('|').Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        Assert.That(Terminal.SpeaksUnicode(variables.GetValueOrDefault), Is.EqualTo(unicode));
    }

    [Test]
    public void No_picture_is_drawn_where_only_JSON_is_wanted() =>
        Assert.That(Terminal.ForPicture(new DemoOptions { Json = true }), Is.Null);
}
