using System.Text;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Invocation;

/// <summary>Runs Ask tools. The person has answered before the call may run, so what is left is to hand the answer on.</summary>
internal sealed class AskToolExecutor(IPayloadStore payloads) : IToolExecutor
{
    /// <inheritdoc/>
    public ToolKind Kind => ToolKind.Ask;

    /// <inheritdoc/>
    /// <remarks>A person is asked one thing at a time.</remarks>
    public bool MayOverlap => false;

    /// <inheritdoc/>
    public string Isolation => "nothing runs; a person answers";

    /// <inheritdoc/>
    public async ValueTask<ToolOutcome> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken) =>
        new(true, Encoding.UTF8.GetString(await payloads.GetAsync(invocation.Caller.Answer!, cancellationToken)));
}
