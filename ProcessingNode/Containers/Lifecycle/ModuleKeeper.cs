using NetServ.Modules.Abstractions;
using NetServ.Node.Containers.Bundles;
using NetServ.Node.Containers.Inline;
using NetServ.Node.DataPath.Containers;
using NetServ.Node.DataPath.Pump;

namespace NetServ.Node.Containers.Lifecycle;

/// <summary>
/// Installs, replaces and removes modules while packets flow. Downloads run side by side; changes to what runs are made one after the other. Every
/// step is reported; reports may come from any thread.
/// </summary>
public sealed class ModuleKeeper : IAsyncDisposable
{
    private static readonly Dictionary<string, ulong> s_noCounters = [];
    private readonly BundleStore _store;
    private readonly TimeProvider _time;
    private readonly Action<ModuleStatus> _report;
    private readonly Action<string> _log;
    private readonly ModuleTable _table;
    private readonly SemaphoreSlim _change = new(1);
    private readonly PendingInstalls _pending = new();

    /// <summary>Makes a keeper with nothing installed.</summary>
    /// <param name="pump">Gets the filters; some thread must be turning it.</param>
    /// <param name="store">Gives the bundles.</param>
    /// <param name="time">The clock, for the modules too.</param>
    /// <param name="report">Told of every step; must be quick.</param>
    /// <param name="log">Takes one line of text.</param>
    public ModuleKeeper(PacketPump pump, BundleStore store, TimeProvider time, Action<ModuleStatus> report, Action<string> log)
    {
        _store = store;
        _time = time;
        _report = report;
        _log = log;
        _table = new ModuleTable(pump, time);
    }

    /// <summary>
    /// Installs a module, and reports Installing, then Active or Failed. Where the same code already runs for the same owner with the same properties,
    /// only its filter is renewed. Where other code runs for that owner, it goes on until the new one has started, and if that fails it stays.
    /// </summary>
    public async Task InstallAsync(InstallCommand command, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        Report(command.OwnerId, ModulePhase.Installing);
        using PendingInstalls.Entry? pending = _pending.TryBegin(command, cancel);
        // The same is being installed already; whoever does it reports the end.
        if (pending is null)
            return;
        try
        {
            InstallRefusal? refusal = await TryInstallAsync(command, pending.Cancelled).ConfigureAwait(false);
            if (refusal is not null)
                Fail(command, refusal);
        }
        catch (OperationCanceledException) when (pending.Cancelled.IsCancellationRequested)
        {
            _log($"module {command.ModuleId} of {command.User}: installation given up");
        }
    }

    /// <summary>
    /// Removes a module, and reports Stopping and Removed; an owner id that is not known is reported as Removed. Packets of its filter that still come
    /// are sent back unprocessed (dropped if its owner asked for fail-closed) for <paramref name="drain"/> and five minutes more.
    /// </summary>
    public async Task RemoveAsync(uint ownerId, TimeSpan drain)
    {
        _pending.Cancel(ownerId);
        await _change.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_table.Find(ownerId) is InstalledModule module)
            {
                Report(ownerId, ModulePhase.Stopping);
                IServiceContainer? container = _table.ContainerOf(module.Command.User);
                _table.Remove(module, drain);
                await PublishAndStopAsync(module, container).ConfigureAwait(false);
                _table.LeaveContainer(module);
                _log($"module {module.Bundle.ModuleId} of {module.Command.User} removed");
            }
        }
        finally
        {
            _change.Release();
        }
        Report(ownerId, ModulePhase.Removed);
    }

    /// <summary>Every installed module with its counters. Waits for nothing.</summary>
    public IReadOnlyList<ModuleStatus> ReadAll() => [.. _table.Modules.Select(Status)];

    /// <summary>Forgets filters that were removed long enough ago. To be called every few seconds.</summary>
    public async Task ForgetExpiredAsync()
    {
        await _change.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_table.HasExpired())
                await Task.Run(() => _table.Publish([])).ConfigureAwait(false);
        }
        finally
        {
            _change.Release();
        }
    }

    /// <summary>Stops every module.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (ModuleStatus module in ReadAll())
            await RemoveAsync(module.OwnerId, TimeSpan.Zero).ConfigureAwait(false);
        _change.Dispose();
    }

    private static ModuleStatus Status(InstalledModule module) =>
        new(module.Command.OwnerId, module.Failure is null ? ModulePhase.Active : ModulePhase.Failed, module.Failure, module.Instance.ReadCounters())
        {
            IsStateless = module.Bundle.IsStateless,
        };

    private async Task<InstallRefusal?> TryInstallAsync(InstallCommand command, CancellationToken cancel)
    {
        if (await TryKeepAsync(command, cancel).ConfigureAwait(false))
            return null;
        Outcome<byte[]> bytes = await _store.GetAsync(command.Url, command.Checksum, cancel).ConfigureAwait(false);
        if (bytes.IsRefused)
            return bytes.Refusal;
        Outcome<Bundle> bundle = BundleReader.Read(bytes.Value);
        if (bundle.IsRefused)
            return bundle.Refusal;
        if (!bundle.Value.IsNamed(command.ModuleId))
            return new InstallRefusal(InstallError.NotABundle, $"url: it is {bundle.Value.ModuleId}, not {command.ModuleId}; name the bundle that is served there.");
        await _change.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await StartAsync(command, bundle.Value).ConfigureAwait(false);
        }
        finally
        {
            _change.Release();
        }
    }

    private async Task<bool> TryKeepAsync(InstallCommand command, CancellationToken cancel)
    {
        await _change.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (_table.Find(command.OwnerId) is not { Failure: null } present || !present.Command.RunsTheSameAs(command))
                return false;
            bool otherFilter = !present.Command.IsSteeredAs(command);
            present.Command = command;
            if (otherFilter)
                await Task.Run(() => _table.Publish([]), CancellationToken.None).ConfigureAwait(false);
            ReportActive(present);
            return true;
        }
        finally
        {
            _change.Release();
        }
    }

    private async Task<InstallRefusal?> StartAsync(InstallCommand command, Bundle bundle)
    {
        if (DependencyCheck.Find(command, bundle, _table) is InstallRefusal missing)
            return missing;
        string prefix = $"{bundle.ModuleId} of {command.User}: ";
        ModuleContext context = new(command.Properties, line => _log(prefix + line.ReplaceLineEndings(" ")), _time)
        {
            Recall = flow => _table.Recall(command.OwnerId, flow),
        };
        Outcome<StartedModule> started = await ModuleStarter.StartAsync(bundle, context).ConfigureAwait(false);
        if (started.IsRefused)
            return started.Refusal;
        ModuleInstance instance = new(command.OwnerId, bundle.Order, started.Value.Module!, command.FailClosed);
        instance.Failed += OnFailed;
        InstalledModule? old = _table.Find(command.OwnerId);
        IServiceContainer? oldContainer = old is null ? null : _table.ContainerOf(old.Command.User);
        InstalledModule module = new(command, bundle, started.Value, instance);
        _table.Set(module);
        await PublishAndStopAsync(old, oldContainer).ConfigureAwait(false);
        _log($"module {bundle.ModuleId} of {command.User} active{(command.Filter is null ? "" : $" on {command.Filter}")}");
        ReportActive(module);
        return null;
    }

    // What a module ran is stopped only when the pump has let go of it.
    private async Task PublishAndStopAsync(InstalledModule? stopped, IServiceContainer? container)
    {
        bool settled = await Task.Run(() => _table.Publish(container is null ? [] : [container])).ConfigureAwait(false);
        if (stopped is null)
            return;
        if (!settled)
            _log($"module {stopped.Bundle.ModuleId} of {stopped.Command.User} was not stopped: packets are held up in its container");
        else if (await Task.Run(stopped.Stop).ConfigureAwait(false) is string fault)
            _log($"module {stopped.Bundle.ModuleId} of {stopped.Command.User} threw while stopping: {fault}");
    }

    // On the pump's thread.
    private void OnFailed(ModuleInstance instance, string cause) => _ = Task.Run(() => TakeOutAsync(instance, cause));

    private async Task TakeOutAsync(ModuleInstance instance, string cause)
    {
        await _change.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_table.Find(instance.OwnerId) is not InstalledModule module || module.Instance != instance)
                return;
            module.Failure = new InstallRefusal(
                InstallError.ModuleStartFailed,
                $"url: module {module.Bundle.ModuleId} threw {ModuleInstance.MostFaults} times in a row and was stopped ({cause.TrimEnd('.')}); mend it and set it up again.");
            IServiceContainer? container = _table.ContainerOf(module.Command.User);
            ModuleStatus last = Status(module);
            await PublishAndStopAsync(module, container).ConfigureAwait(false);
            _table.LeaveContainer(module);
            _log($"module {module.Bundle.ModuleId} of {module.Command.User} failed: {module.Failure.Text}");
            _report(last);
        }
        finally
        {
            _change.Release();
        }
    }

    private void Fail(InstallCommand command, InstallRefusal refusal)
    {
        _log($"module {command.ModuleId} of {command.User} not installed: {refusal.Code}: {refusal.Text}");
        _report(new ModuleStatus(command.OwnerId, ModulePhase.Failed, refusal, s_noCounters));
    }

    private void ReportActive(InstalledModule module) =>
        _report(new ModuleStatus(module.Command.OwnerId, ModulePhase.Active, null, s_noCounters) { IsStateless = module.Bundle.IsStateless });

    private void Report(uint ownerId, ModulePhase phase) => _report(new ModuleStatus(ownerId, phase, null, s_noCounters));
}
