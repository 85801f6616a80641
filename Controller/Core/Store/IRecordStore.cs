namespace NetServ.Controller.Core.Store;

/// <summary>
/// What the controller must not forget: records in the order of their keys, each with a version that grows with every write of it. Keys are
/// text of the form <c>domain/kind/name</c>, compared by their bytes.
/// </summary>
public interface IRecordStore : IDisposable
{
    /// <summary>All records whose key begins with <paramref name="prefix"/>, in the order of keys.</summary>
    IReadOnlyList<StoreRecord> List(string prefix);

    /// <summary>
    /// Makes all changes, or none if one of them expects another version than there is. When this returns true, they outlive the process and
    /// the machine.
    /// </summary>
    bool TryChange(IReadOnlyList<StoreChange> changes);

    /// <summary>Hears of every change of a record whose key begins with <paramref name="prefix"/>, after it was made, until disposed.</summary>
    IDisposable Watch(string prefix, Action<StoreChange> changed);
}

/// <summary>A record.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Version">1 after the first write.</param>
/// <param name="Value">UTF-8 text.</param>
public sealed record StoreRecord(string Key, long Version, string Value);

/// <summary>A change of one record.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its new value; null deletes it.</param>
/// <param name="Expected">The version that it has to have, 0 for none at all; null for any.</param>
public sealed record StoreChange(string Key, string? Value, long? Expected = null);
