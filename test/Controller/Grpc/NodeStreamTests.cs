using Grpc.Core;
using NetServ.Controller.Tests.Support;
using NetServ.Coordination;

namespace NetServ.Controller.Tests.Grpc;

public class NodeStreamTests
{
    private RunningController _controller = null!;

    [SetUp]
    public async Task Start() => _controller = await RunningController.StartAsync();

    [TearDown]
    public async Task Stop() => await _controller.DisposeAsync();

    [TestCase("wrong")]
    [TestCase("")]
    public async Task A_wrong_token_is_refused_with_where_to_look(string token)
    {
        using AsyncDuplexStreamingCall<NodeMessage, ControllerMessage> call = _controller.Nodes.Attach(RunningController.Bearer(token));
        await call.RequestStream.WriteAsync(new NodeMessage { Hello = Hello() });
        RpcException refused = (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None)))!;
        Assert.That(refused.StatusCode, Is.EqualTo(StatusCode.Unauthenticated));
        Assert.That(refused.Status.Detail, Does.Contain("'nodes' in the controller's configuration"));
        Assert.That((await _controller.Operator.ListNodesAsync(new ListNodesRequest())).Nodes, Is.Empty);
    }

    [Test]
    public async Task A_node_is_welcomed_with_its_id_and_a_nonce()
    {
        using AsyncDuplexStreamingCall<NodeMessage, ControllerMessage> call = await _controller.AttachAsync("secret2", Hello());
        Welcome welcome = call.ResponseStream.Current.Welcome;
        Assert.That((welcome.NodeId, welcome.Epoch, welcome.AttachmentKey.Length), Is.EqualTo((2u, 1u, 32)));
        await call.ResponseStream.MoveNext(CancellationToken.None);
        Assert.That(call.ResponseStream.Current.Nonce.Nonce_.Length, Is.EqualTo(16));
        NodeInfo listed = (await _controller.Operator.ListNodesAsync(new ListNodesRequest())).Nodes.Single();
        Assert.That((listed.Name, listed.State), Is.EqualTo(("node2", "connected")));
    }

    [Test]
    public async Task A_hello_in_another_nodes_name_or_with_a_bad_address_is_refused_with_the_field()
    {
        using AsyncDuplexStreamingCall<NodeMessage, ControllerMessage> named = await _controller.AttachAsync("secret1", new NodeHello { Name = "node2", Capacity = 1 });
        Assert.That(named.ResponseStream.Current.Refused.Text, Is.EqualTo("name: the token is that of 'node1', not of 'node2'"));
        using AsyncDuplexStreamingCall<NodeMessage, ControllerMessage> addressed = await _controller.AttachAsync("secret1", new NodeHello { Name = "node1", MacAddresses = { "01:00:00:00:00:01" } });
        Assert.That(addressed.ResponseStream.Current.Refused.Text, Does.StartWith("mac_addresses: '01:00:00:00:00:01'"));
    }

    [Test]
    public async Task A_second_stream_of_a_name_takes_over_and_the_first_is_told()
    {
        using AsyncDuplexStreamingCall<NodeMessage, ControllerMessage> first = await _controller.AttachAsync("secret1", Hello());
        using AsyncDuplexStreamingCall<NodeMessage, ControllerMessage> second = await _controller.AttachAsync("secret1", Hello());
        Assert.That(second.ResponseStream.Current.Welcome.Epoch, Is.EqualTo(2));
        List<ControllerMessage> rest = [];
        await foreach (ControllerMessage message in first.ResponseStream.ReadAllAsync())
            rest.Add(message);
        Assert.That(rest[^1].Refused.Code, Is.EqualTo("replaced"), "and then its stream ended");
        Assert.That((await _controller.Operator.ListNodesAsync(new ListNodesRequest())).Nodes.Single().State, Is.EqualTo("connected"));
    }

    [Test]
    public async Task The_end_of_a_stream_is_the_loss_of_the_node([Values] bool orderly)
    {
        using AsyncServerStreamingCall<Event> events = await _controller.WatchAsync();
        AsyncDuplexStreamingCall<NodeMessage, ControllerMessage> call = await _controller.AttachAsync("secret1", Hello());
        if (orderly)
            await call.RequestStream.CompleteAsync();
        else
            call.Dispose();
        Assert.That((await RunningController.NextAsync(events, "node-gone")).Fields["node"], Is.EqualTo("node1"));
    }

    [Test]
    public async Task A_stream_that_begins_with_something_else_is_ended_with_the_reason()
    {
        using AsyncDuplexStreamingCall<NodeMessage, ControllerMessage> call = _controller.Nodes.Attach(RunningController.Bearer("secret1"));
        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await call.RequestStream.WriteAsync(new NodeMessage { Heartbeat = new Heartbeat() });
            await call.ResponseStream.MoveNext(CancellationToken.None);
        });
        Assert.That(call.GetStatus().Detail, Is.EqualTo("the first message is 'hello'"));
    }

    private static NodeHello Hello() => new() { Capacity = 1, Version = "1", MacAddresses = { "02:00:00:00:00:01" } };
}
