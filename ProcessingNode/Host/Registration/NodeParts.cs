using System.Collections.Concurrent;
using NetServ.Node.Containers.Lifecycle;
using NetServ.Node.DataPath.Pump;
using NetServ.Node.Options;
using NetServ.Ports;

namespace NetServ.Node.Registration;

/// <summary>What the controller's stream works on; all of it lives as long as the node.</summary>
internal sealed record NodeParts(
    NodeOptions Options, IPort Port, PacketPump Pump, ModuleKeeper Keeper, NodeReports Reports, ConcurrentQueue<byte[]> AttachmentFrames, NodeLog Log, TimeProvider Time);
