using System.Runtime.InteropServices;
using NetServ.Controller.Core.Sessions;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>
/// Which sessions of a loop have rules that lead to a host or come from it: news of a host cost a look here and those sessions, not all that are connected.
/// </summary>
public sealed class HostHolders
{
    private readonly Dictionary<HostKey, (SwitchState First, List<SwitchState>? More)> _byHost = [];

    /// <summary>Has every session with rules of a host note that they are to be decided anew.</summary>
    /// <returns>Whether there is any.</returns>
    public bool Note(HostKey host)
    {
        if (!_byHost.TryGetValue(host, out (SwitchState First, List<SwitchState>? More) holders))
            return false;
        holders.First.ToMend.Add(host);
        for (int i = 0; i < (holders.More?.Count ?? 0); i++)
            holders.More![i].ToMend.Add(host);
        return true;
    }

    internal void Add(HostKey host, SwitchState holder)
    {
        ref (SwitchState First, List<SwitchState>? More) holders = ref CollectionsMarshal.GetValueRefOrAddDefault(_byHost, host, out bool known);
        if (known)
            (holders.More ??= []).Add(holder);
        else
            holders.First = holder;
    }

    internal void Remove(HostKey host, SwitchState holder)
    {
        ref (SwitchState First, List<SwitchState>? More) holders = ref CollectionsMarshal.GetValueRefOrNullRef(_byHost, host);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref holders))
            return;
        if (holders.First != holder)
        {
            holders.More?.Remove(holder);
        }
        else if (holders.More is { Count: > 0 } more)
        {
            holders.First = more[^1];
            more.RemoveAt(more.Count - 1);
        }
        else
        {
            _byHost.Remove(host);
        }
    }
}
