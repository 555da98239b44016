using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Lists the keys that are registered as persons.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsPerson")]
[OutputType(typeof(Person))]
public sealed class GetAgentOpsPersonCommand : WorkspaceCmdlet
{
    /// <summary>Names or patterns.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PersonNameCompleter))]
    public string[]? Name { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var state = await GetStateAsync(cancellationToken);
        await WriteMatchesAsync(Name, state.Persons.All, person => person.Name, Person.From,
            name => new AgentOpsException(ErrorCodes.PersonNotFound, $"There is no person '{name}'.", name));
    }
}
