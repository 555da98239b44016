using System.Management.Automation;
using AgentOps.Async;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Shows what this session is connected to.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsContext")]
[OutputType(typeof(Context))]
public sealed class GetAgentOpsContextCommand : AsyncCmdlet
{
    private protected override async Task ProcessAsync(CancellationToken cancellationToken) =>
        await WriteAsync(new Context());
}
