using System.Diagnostics;
using NetServ.Controller.Core.Store;
using NetServ.Controller.Store;

namespace NetServ.Controller.Tests.Store;

/// <summary>The file of a SQLite store.</summary>
public class SqliteStoreTests
{
    private string _folder = "";

    private string FilePath => Path.Combine(_folder, "store.db");

    [SetUp]
    public void Make() => _folder = Directory.CreateTempSubdirectory("netserv-store-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Records_AreThereAfterTheFileIsOpenedAgain()
    {
        using (SqliteStore store = SqliteStore.Open(FilePath))
            store.TryChange([new("k", "ä")]);
        using SqliteStore again = SqliteStore.Open(FilePath);
        Assert.That(again.List(""), Is.EqualTo(new[] { new StoreRecord("k", 1, "ä") }));
    }

    [Test]
    public void Open_AFileThatIsNoStore_NamesItAndTheWayOut()
    {
        File.WriteAllText(FilePath, new string('x', 5000));
        StoreException? fault = Assert.Throws<StoreException>(() => SqliteStore.Open(FilePath));
        Assert.That(fault?.Message, Does.Contain(FilePath).And.Contain("give another file"));
        Assert.That(File.ReadAllText(FilePath), Is.EqualTo(new string('x', 5000)), "whatever it was, it is not ours to change");
    }

    [Test]
    public void Open_AStoreThatIsOpenElsewhere_NamesItAndTheWayOut()
    {
        using SqliteStore first = SqliteStore.Open(FilePath);
        first.TryChange([new("k", "a")]);
        StoreException? fault = Assert.Throws<StoreException>(() => SqliteStore.Open(FilePath));
        Assert.That(fault?.Message, Does.Contain("another process has the store"));
    }

    [Test]
    public void Open_InAFolderThatIsNotThere_NamesItAndTheWayOut() =>
        Assert.That(() => SqliteStore.Open(Path.Combine(_folder, "no", "store.db")), Throws.TypeOf<StoreException>());

    [Test]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void TheFile_IsReadableByItsOwnerAlone()
    {
        using SqliteStore store = SqliteStore.Open(FilePath);
        Assert.That(File.GetUnixFileMode(FilePath), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void ATwentyMegabyteStore_IsListedAtOnce()
    {
        using SqliteStore store = SqliteStore.Open(FilePath);
        store.TryChange([.. Enumerable.Range(0, 20_000).Select(i => new StoreChange($"{i:d8}", new string('x', 1000)))]);
        Stopwatch clock = Stopwatch.StartNew();
        Assert.That(store.List(""), Has.Count.EqualTo(20_000));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }
}
