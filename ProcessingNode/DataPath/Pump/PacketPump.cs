using System.Collections.Concurrent;
using System.Collections.Immutable;
using NetServ.Modules.Abstractions;
using NetServ.Node.DataPath.Classification;
using NetServ.Node.DataPath.Containers;
using NetServ.Node.DataPath.Releases;
using NetServ.Packets;
using NetServ.Ports;

namespace NetServ.Node.DataPath.Pump;

/// <summary>
/// Moves frames: port, classifier, containers, check, port. One thread calls <see cref="Turn"/> over and over and owns everything here but the members
/// that say otherwise. A frame that has to do with no filter is dropped, never sent back: it came by a flood, and would go round.
/// </summary>
public sealed class PacketPump
{
    private const int BatchSize = 64;
    private const int Slots = 1024;
    private readonly IPort _port;
    private readonly LeavingCheck _check;
    private readonly PumpCounts _counts = new();
    private readonly FrameBatch _received = new(BatchSize);
    private readonly FrameBatch _leaving = new(4 * BatchSize);
    private readonly PacketPool _pool = new(Slots);
    private readonly int[] _collected = new int[Slots];
    private readonly int[] _pending = new int[BatchSize];
    private IServiceContainer? _pendingFor;
    private int _pendingCount;
    private readonly ConcurrentQueue<byte[]> _ownFrames = new();
    private readonly ConcurrentQueue<byte[]> _attachmentFrames;
    private readonly GenerationGate _gate = new();
    private readonly byte[] _reply = new byte[AttachmentFrame.Size];
    private readonly TimeProvider _time;
    private ProbeResponder? _responder;

    /// <summary>Makes a pump without filters.</summary>
    /// <param name="port">Where frames come in and go out; the pump is its only sender and receiver.</param>
    /// <param name="ownMacs">The node's own link addresses.</param>
    /// <param name="ownAddresses">The node's own IPv4 addresses.</param>
    /// <param name="attachmentFrames">Where frames of the attachment EtherType are put, a few at a time; the rest is dropped.</param>
    /// <param name="time">Tells how long it works; the system's clock if left out.</param>
    public PacketPump(
        IPort port, IReadOnlyList<MacAddress> ownMacs, IReadOnlyList<Ipv4Address> ownAddresses, ConcurrentQueue<byte[]> attachmentFrames, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _port = port;
        _check = new LeavingCheck(ownMacs, ownAddresses);
        _attachmentFrames = attachmentFrames;
    }

    /// <summary>A copy of the counters. From any thread.</summary>
    public PumpCounters Counters => _counts.Read() with { Busy = _time.GetElapsedTime(0, Volatile.Read(ref _counts.BusyTicks)) };

    /// <summary>What modules say of flows.</summary>
    public FlowReleases Releases { get; } = new();

    /// <summary>Makes the pump use other filters, from its next turn on. One thread at a time, any thread.</summary>
    /// <param name="classifier">The filters.</param>
    /// <param name="containers">Every container that they name, and those that may still hold packets.</param>
    /// <returns>The number of this change, for <see cref="WaitFor"/>.</returns>
    public int Publish(Classifier classifier, ImmutableArray<IServiceContainer> containers) => _gate.Publish(classifier, containers);

    /// <summary>Waits until the change is in force and no packet that was classified before it is still in a container. From any thread but the pump's.</summary>
    /// <returns>False after the time-out.</returns>
    public bool WaitFor(int generation, TimeSpan timeout) => _gate.WaitFor(generation, timeout);

    /// <summary>Sends a frame of the node's own with the next turn. From any thread.</summary>
    public void SendOwn(byte[] frame) => _ownFrames.Enqueue(frame);

    /// <summary>Answers the controller's probes from now on, in its own turn and nowhere else. From any thread.</summary>
    public void AnswerProbes(ProbeResponder responder) => Volatile.Write(ref _responder, responder);

    /// <summary>Receives one batch, submits it, collects what is done and sends it.</summary>
    /// <param name="wait">How long to wait for a frame where nothing else is to be done.</param>
    /// <returns>Whether anything happened.</returns>
    public bool Turn(TimeSpan wait)
    {
        FilterPicture picture = _gate.Enter();
        Releases.TakeRecalls();
        long start = _time.GetTimestamp();
        int received = _port.Receive(_received, _gate.IsBusy || !_ownFrames.IsEmpty ? TimeSpan.Zero : wait);
        // A whole batch was there already; with less, part of the time may have been spent waiting.
        if (received < BatchSize)
            start = _time.GetTimestamp();
        _counts.Received += received;
        for (int i = 0; i < received; i++)
            Take(_received[i], picture.Classifier);
        SubmitPending();
        int collected = CollectAll(picture.Containers);
        int own = SendOwnFrames();
        Flush();
        _gate.Leave();
        bool worked = received + collected + own > 0;
        if (worked)
            Volatile.Write(ref _counts.BusyTicks, _counts.BusyTicks + _time.GetTimestamp() - start);
        return worked;
    }

    private void Take(Span<byte> frame, Classifier classifier)
    {
        if (frame.Length < 14)
        {
            _counts.Strangers++;
            return;
        }
        Packet packet = new(frame, frame.Length);
        if (packet.EtherType == AttachmentFrame.EtherType)
        {
            TakeAttachment(frame);
            return;
        }
        PacketAction? action = classifier.Find(in packet);
        if (action is null)
            _counts.Strangers++;
        else if (action.Fate == FilterFate.Process)
            Begin(in packet, action);
        else if (action.Fate == FilterFate.Drop)
            (action.IsPortless ? ref _counts.DroppedPortless : ref _counts.FailedClosed)++;
        else
            Bypass(frame, ref action.IsPortless ? ref _counts.PassedPortless : ref _counts.PassedUnprocessed);
    }

    private void TakeAttachment(Span<byte> frame)
    {
        const int mostWaiting = 8;
        if (Volatile.Read(ref _responder)?.TryAnswer(frame, _reply) is > 0)
        {
            _counts.Probes++;
            Send(_reply);
            return;
        }
        _counts.Attachment++;
        if (frame.Length <= 128 && _attachmentFrames.Count < mostWaiting)
            _attachmentFrames.Enqueue(frame.ToArray());
    }

    private void Begin(in Packet packet, PacketAction action)
    {
        int slot = packet.Length > PacketPool.LongestReceived ? -1 : _pool.TryRent(packet.Frame);
        if (slot < 0)
        {
            Overrun(packet.Frame, action.Steps[0]);
            return;
        }
        _counts.Processed++;
        ref PacketState state = ref _pool[slot];
        state.Action = action;
        state.ReceivedLength = packet.Length;
        state.DestinationMac = packet.DestinationMac.Value;
        state.SourceMac = packet.SourceMac.Value;
        state.Destination = packet.Destination.Value;
        state.Generation = _gate.Current;
        state.Flow = packet.Flow;
        Submit(slot);
    }

    // Packets in a row for the same container go there in one batch.
    private void Submit(int slot)
    {
        ref PacketState state = ref _pool[slot];
        state.Route = state.Action!.Steps[state.Step];
        state.Released = 0;
        if (_pendingFor != state.Route.Container || _pendingCount == _pending.Length)
            SubmitPending();
        _pendingFor = state.Route.Container;
        _pending[_pendingCount++] = slot;
    }

    private void SubmitPending()
    {
        if (_pendingCount == 0)
            return;
        int taken = _pendingFor!.Submit(_pool, _pending.AsSpan(0, _pendingCount));
        for (int i = 0; i < taken; i++)
            _gate.Add(_pool[_pending[i]].Generation);
        for (int i = taken; i < _pendingCount; i++)
        {
            Overrun(_pool.Frame(_pending[i]), _pool[_pending[i]].Route!);
            _pool.Return(_pending[i]);
        }
        _pendingCount = 0;
    }

    private void Overrun(ReadOnlySpan<byte> frame, ContainerRoute route)
    {
        if (route.FailClosed)
            _counts.FailedClosed++;
        else
            Bypass(frame, ref _counts.Overrun);
    }

    // A packet that leaves one container may enter another, so go round until none gives anything back.
    private int CollectAll(ImmutableArray<IServiceContainer> containers)
    {
        int total = 0;
        int round;
        do
        {
            round = 0;
            foreach (IServiceContainer container in containers)
            {
                int count = container.Collect(_pool, _collected);
                for (int i = 0; i < count; i++)
                    Finish(_collected[i]);
                SubmitPending();
                round += count;
            }
            total += round;
        }
        while (round > 0);
        return total;
    }

    private void Finish(int slot)
    {
        ref PacketState state = ref _pool[slot];
        if (!state.Emitted)
        {
            _gate.Remove(state.Generation);
            if (state.Released != 0)
                Releases.Note(state.Flow, state.Action!, state.Released << state.ModulesBefore);
            state.ModulesBefore += state.Route!.OwnerIds.Count;
        }
        if (!state.Emitted && state.Verdict == Verdict.Drop)
        {
            _counts.DroppedByModule++;
        }
        else if (!_check.Allows(_pool.Frame(slot), in state))
        {
            _counts.Illegal++;
        }
        else if (!state.Emitted && ++state.Step < state.Action!.Steps.Count)
        {
            Submit(slot);
            return;
        }
        else
        {
            _counts.Emitted += state.Emitted ? 1 : 0;
            Send(_pool.Frame(slot));
        }
        _pool.Return(slot);
    }

    private void Bypass(ReadOnlySpan<byte> frame, ref long count)
    {
        count++;
        Send(frame);
    }

    private void Send(ReadOnlySpan<byte> frame)
    {
        if (_leaving.TryAdd(frame))
            return;
        Flush();
        _leaving.TryAdd(frame);
    }

    private int SendOwnFrames()
    {
        int count = 0;
        while (_ownFrames.TryDequeue(out byte[]? frame))
        {
            Send(frame);
            count++;
        }
        return count;
    }

    private void Flush()
    {
        if (_leaving.Count == 0)
            return;
        int sent = _port.Send(_leaving);
        _counts.Sent += sent;
        _counts.SendFailed += _leaving.Count - sent;
        _leaving.Clear();
    }
}
