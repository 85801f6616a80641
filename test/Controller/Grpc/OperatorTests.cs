using Google.Protobuf;
using Grpc.Core;
using NetServ.Controller.Tests.Support;
using NetServ.Coordination;

namespace NetServ.Controller.Tests.Grpc;

public class OperatorTests
{
    [Test]
    public async Task Listings_and_cleaning_need_the_operators_token_where_there_is_one_and_requests_do_not()
    {
        await using RunningController controller = await RunningController.StartAsync(operatorToken: "sesame");
        Func<Metadata, Task>[] calls =
        [
            async headers => await controller.Operator.ListNodesAsync(new ListNodesRequest(), headers),
            async headers => await controller.Operator.ListModulesAsync(new ListModulesRequest(), headers),
            async headers => await controller.Operator.ListSwitchesAsync(new ListSwitchesRequest(), headers),
            async headers => await controller.Operator.ListRulesAsync(new ListRulesRequest(), headers),
            async headers => await controller.Operator.CheckAsync(new CheckRequest(), headers),
            async headers => await controller.Operator.DrainAsync(new DrainRequest { Node = "node1" }, headers),
            async headers => await controller.Operator.CleanAsync(new CleanRequest { All = true }, headers),
        ];
        foreach (Func<Metadata, Task> call in calls)
        {
            Assert.That((await Assert.ThrowsAsync<RpcException>(() => call(RunningController.Bearer("guess"))))!.StatusCode, Is.EqualTo(StatusCode.Unauthenticated));
            Assert.That((await Assert.ThrowsAsync<RpcException>(() => call([])))!.StatusCode, Is.EqualTo(StatusCode.Unauthenticated));
        }
        foreach (Func<Metadata, Task> call in calls[..^1])
            await call(RunningController.Bearer("sesame"));
        SubmitReply reply = await controller.Operator.SubmitAsync(new SubmitRequest { Request = ByteString.CopyFromUtf8("hello") });
        Assert.That((reply.StatusClass, reply.Code), Is.EqualTo((3u, "malformed-request")), "requests carry their own signature");
    }

    [Test]
    public async Task Cleaning_a_switch_that_is_not_there_is_told()
    {
        await using RunningController controller = await RunningController.StartAsync();
        RpcException none = (await Assert.ThrowsAsync<RpcException>(async () => await controller.Operator.CleanAsync(new CleanRequest { All = true })))!;
        Assert.That((none.StatusCode, none.Status.Detail), Is.EqualTo((StatusCode.NotFound, "no switch is connected")));
        RpcException other = (await Assert.ThrowsAsync<RpcException>(async () => await controller.Operator.CleanAsync(new CleanRequest { Dpid = 5 })))!;
        Assert.That(other.Status.Detail, Does.StartWith("switch 0000000000000005 is not connected"));
    }
}
