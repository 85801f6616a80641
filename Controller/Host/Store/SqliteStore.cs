using Microsoft.Data.Sqlite;
using NetServ.Controller.Core.Store;

namespace NetServ.Controller.Store;

/// <summary>Records in a SQLite file (write-ahead log, synchronised at every change). One thread at a time; one process at a time, held by a lock on the file.</summary>
public sealed class SqliteStore : IRecordStore
{
    private const int SchemaVersion = 1;

    private readonly SqliteConnection _connection;
    private readonly StoreWatchers _watchers = new();

    private SqliteStore(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens a file, making it if there is none.</summary>
    /// <exception cref="StoreException">It cannot be opened, is no store, is of a later version, or another process has it.</exception>
    public static SqliteStore Open(string path)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            connection.Open();
            SqliteStore store = new(connection);
            store.Prepare(path);
            return store;
        }
        catch (Exception e)
        {
            connection.Dispose();
            if (e is SqliteException { SqliteErrorCode: 5 or 6 })
                throw new StoreException($"another process has the store '{path}'; stop it, or give this controller a store of its own", e);
            if (e is SqliteException)
                throw new StoreException($"the store '{path}' cannot be used: {e.Message.TrimEnd('.')}; give another file, or move this one away to begin with nothing", e);
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoreRecord> List(string prefix)
    {
        using SqliteCommand command = Command("SELECT key, version, value FROM records WHERE substr(key, 1, length($prefix)) = $prefix ORDER BY key", ("$prefix", prefix));
        using SqliteDataReader reader = command.ExecuteReader();
        List<StoreRecord> records = [];
        while (reader.Read())
            records.Add(new StoreRecord(reader.GetString(0), reader.GetInt64(1), reader.GetString(2)));
        return records;
    }

    /// <inheritdoc/>
    /// <exception cref="StoreException">The disk does not take it; nothing was changed.</exception>
    public bool TryChange(IReadOnlyList<StoreChange> changes)
    {
        try
        {
            if (!TryCommit(changes))
                return false;
        }
        catch (SqliteException e)
        {
            throw new StoreException($"the store '{_connection.DataSource}' does not take a change ({e.Message.TrimEnd('.')}): it would be forgotten at a restart; make room, or mend its disk", e);
        }
        _watchers.Tell(changes);
        return true;
    }

    /// <inheritdoc/>
    public IDisposable Watch(string prefix, Action<StoreChange> changed) => _watchers.Add(prefix, changed);

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private bool TryCommit(IReadOnlyList<StoreChange> changes)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        foreach (StoreChange change in changes)
        {
            if (change.Expected is { } expected && VersionOf(change.Key) != expected)
                return false;
            Make(change);
        }
        transaction.Commit();
        return true;
    }

    private void Prepare(string path)
    {
        // An exclusive lock taken by the first write stays until the connection ends, also when the process is killed.
        Execute("PRAGMA locking_mode = EXCLUSIVE");
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = FULL");
        using SqliteCommand ask = Command("PRAGMA user_version");
        long version = (long)ask.ExecuteScalar()!;
        if (version > SchemaVersion)
            throw new StoreException($"the store '{path}' was written by a later version of this program; use that, or give another file");
        Execute("CREATE TABLE IF NOT EXISTS records (key TEXT PRIMARY KEY, version INTEGER NOT NULL, value TEXT NOT NULL) WITHOUT ROWID");
        Execute($"PRAGMA user_version = {SchemaVersion}");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private void Make(StoreChange change)
    {
        using SqliteCommand command = change.Value is null
            ? Command("DELETE FROM records WHERE key = $key", ("$key", change.Key))
            : Command(
                "INSERT INTO records (key, version, value) VALUES ($key, 1, $value) ON CONFLICT (key) DO UPDATE SET version = version + 1, value = excluded.value",
                ("$key", change.Key), ("$value", change.Value));
        command.ExecuteNonQuery();
    }

    private long VersionOf(string key)
    {
        using SqliteCommand command = Command("SELECT version FROM records WHERE key = $key", ("$key", key));
        return command.ExecuteScalar() as long? ?? 0;
    }

    private void Execute(string sql)
    {
        using SqliteCommand command = Command(sql);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, string value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
