using System.Collections.Immutable;

using NetServ.Controller.Core.Store;

namespace NetServ.Controller.Core;

/// <summary>What the parts of Core share while one input is applied.</summary>
public sealed class CoreContext
{
    private readonly OrderedDictionary<string, StoreChange> _changes = [];
    private long _tokens;

    /// <summary>Milliseconds.</summary>
    public long Now { get; internal set; }

    /// <summary>What is to be done, in order.</summary>
    public List<CoreEffect> Effects { get; } = [];

    /// <summary>Whether what decides about packets has changed; a snapshot goes out at the end of the input.</summary>
    public bool Changed { get; set; }

    /// <summary>The token that the next snapshot carries, if somebody waits for it.</summary>
    public long? Token { get; private set; }

    /// <summary>Asks for a snapshot with a barrier behind it.</summary>
    public long PublishWithBarrier()
    {
        Changed = true;
        Token ??= ++_tokens;
        return Token.Value;
    }

    /// <summary>Keeps a record, or with null forgets it; on disk before any other effect of this input is done.</summary>
    public void Keep(string key, string? value)
    {
        _changes[key] = new StoreChange(key, value);
    }

    /// <summary>Adds an effect.</summary>
    public void Do(CoreEffect effect) => Effects.Add(effect);

    /// <summary>Tells those who watch.</summary>
    public void Report(string kind, string text, params (string Name, object Value)[] fields) =>
        Do(new CoreEffect.Report(kind, text, [.. fields.Select(f => KeyValuePair.Create(f.Name, f.Value.ToString() ?? ""))]));

    internal void Begin(long now)
    {
        Now = now;
        Changed = false;
        Token = null;
        Effects.Clear();
        _changes.Clear();
    }

    internal void End()
    {
        if (_changes.Count > 0)
            Effects.Insert(0, new CoreEffect.Persist([.. _changes.Values]));
    }
}
