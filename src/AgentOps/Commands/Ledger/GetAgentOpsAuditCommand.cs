using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Ledger;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Reads the ledger, the oldest record first.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsAudit", DefaultParameterSetName = "First")]
[OutputType(typeof(AuditRecord))]
public sealed class GetAgentOpsAuditCommand : WorkspaceCmdlet
{
    /// <summary>Only records of this time or later.</summary>
    [Parameter]
    public DateTimeOffset After { get; set; }

    /// <summary>Only records before this time.</summary>
    [Parameter]
    public DateTimeOffset Before { get; set; }

    /// <summary>Only records of this agent.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string? Agent { get; set; }

    /// <summary>Only records of this type, for example <c>tool.*</c>.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(EventTypeCompleter))]
    public string? Type { get; set; }

    /// <summary>Only records of this session.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ArgumentCompleter(typeof(SessionIdCompleter))]
    public string? Session { get; set; }

    /// <summary>At most so many records.</summary>
    [Parameter(ParameterSetName = "First")]
    [ValidateRange(1, long.MaxValue)]
    public long First { get; set; }

    /// <summary>Leaves out so many matching records at the start.</summary>
    [Parameter(ParameterSetName = "First")]
    [ValidateRange(0, long.MaxValue)]
    public long Skip { get; set; }

    /// <summary>Only the newest so many, the oldest of them first.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Tail")]
    [ValidateRange(1, int.MaxValue)]
    public int Tail { get; set; }

    /// <summary>Goes on with new records as any process appends them, until the command is stopped.</summary>
    [Parameter(ParameterSetName = "Tail")]
    public SwitchParameter Wait { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var bound = MyInvocation.BoundParameters;
        var query = new LedgerQuery
        {
            After = bound.ContainsKey(nameof(After)) ? After.ToUniversalTime() : null,
            Before = bound.ContainsKey(nameof(Before)) ? Before.ToUniversalTime() : null,
            Agent = Agent,
            Type = Type,
            Session = Session,
            First = bound.ContainsKey(nameof(First)) ? First : null,
            Skip = Skip,
            Newest = bound.ContainsKey(nameof(Tail)) ? Tail : null,
            Follow = Wait,
        };
        await workspace.Ledger.RefreshAsync(cancellationToken);
        await foreach (var record in workspace.Ledger.ReadAsync(query, cancellationToken))
        {
            await WriteAsync(AuditRecord.From(record));
        }
    }
}
