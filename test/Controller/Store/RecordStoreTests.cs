using NetServ.Controller.Core.Store;
using NetServ.Controller.Store;

namespace NetServ.Controller.Tests.Store;

/// <summary>What every store promises, and what SQLite's adds: it outlives the process.</summary>
[TestFixture(false)]
[TestFixture(true)]
public class RecordStoreTests(bool sqlite)
{
    private string _folder = "";
    private IRecordStore _store = null!;

    private string FilePath => Path.Combine(_folder, "store.db");

    [SetUp]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("netserv-store-").FullName;
        _store = sqlite ? SqliteStore.Open(FilePath) : new MemoryStore();
    }

    [TearDown]
    public void Close()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void List_IsInTheOrderOfKeysAndOfThePrefixAlone()
    {
        _store.TryChange([new("0001/nodes/b", "2"), new("0001/nodes/a", "1"), new("0002/nodes/a", "3"), new("0001/nodes/%", "%"), new("0001/modules/a", "4")]);
        Assert.That(_store.List("0001/nodes/").Select(r => (r.Key, r.Value)), Is.EqualTo(new[] { ("0001/nodes/%", "%"), ("0001/nodes/a", "1"), ("0001/nodes/b", "2") }));
    }

    [Test]
    public void Version_GrowsWithEveryWriteAndBeginsAnewAfterADelete()
    {
        _store.TryChange([new("k", "a")]);
        _store.TryChange([new("k", "b")]);
        Assert.That(_store.List("k"), Is.EqualTo(new[] { new StoreRecord("k", 2, "b") }));
        _store.TryChange([new("k", null)]);
        Assert.That(_store.List("k"), Is.Empty);
        _store.TryChange([new("k", "c", Expected: 0)]);
        Assert.That(_store.List("k"), Is.EqualTo(new[] { new StoreRecord("k", 1, "c") }));
    }

    [Test]
    public void TryChange_OneVersionIsNotWhatIsExpected_NothingIsChanged()
    {
        _store.TryChange([new("k", "a")]);
        Assert.That(_store.TryChange([new("other", "x"), new("k", "b", Expected: 2)]), Is.False);
        Assert.That(_store.TryChange([new("other", "x"), new("k", null, Expected: 0)]), Is.False);
        Assert.That(_store.List(""), Is.EqualTo(new[] { new StoreRecord("k", 1, "a") }));
        Assert.That(_store.TryChange([new("other", "x"), new("k", "b", Expected: 1)]), Is.True);
        Assert.That(_store.List(""), Has.Count.EqualTo(2));
    }

    [Test]
    public void Watch_HearsOfChangesOfItsPrefixUntilDisposed()
    {
        List<StoreChange> heard = [];
        IDisposable watch = _store.Watch("a/", heard.Add);
        _store.TryChange([new("a/1", "x"), new("b/1", "y")]);
        _store.TryChange([new("a/1", "z", Expected: 7)]);
        _store.TryChange([new("a/1", null)]);
        watch.Dispose();
        _store.TryChange([new("a/2", "x")]);
        Assert.That(heard.Select(c => (c.Key, c.Value)), Is.EqualTo(new[] { ("a/1", "x"), ("a/1", (string?)null) }));
    }
}
