using AgentOps.Engine.Tools;

namespace AgentOps.Output;

/// <summary>A tool that agents can be granted.</summary>
public sealed record Tool
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary><c>Command</c>, <c>Script</c>, <c>Process</c>, <c>Http</c>, <c>Mcp</c>, <c>Agent</c>, <c>Ask</c> or <c>Memory</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What the model is told that it does.</summary>
    public required string Description { get; init; }

    /// <summary><c>None</c>, <c>Reversible</c> or <c>Irreversible</c>.</summary>
    public required string SideEffect { get; init; }

    /// <summary>The tool that changes it back; null where there is none.</summary>
    public string? Compensation { get; init; }

    /// <summary>What separates a running call from this host; null where this host can't run it.</summary>
    public string? Isolation { get; init; }

    /// <summary>Hard bounds of its calls as JSON, checked on the call and on what tools answered in the session; the model is not shown them.</summary>
    public required IReadOnlyList<string> Constraint { get; init; }

    /// <summary>How secret what it answers is: <c>public</c>, <c>internal</c>, <c>confidential</c> or <c>secret</c>.</summary>
    public required string DataClass { get; init; }

    /// <summary>The data that it touches, as permissions name it; with a folder, all below it that path arguments lead to.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>Why it may not be called until it is registered anew; null when it may.</summary>
    public string? Suspended { get; init; }

    /// <summary>Names of the parameters; mandatory ones first.</summary>
    public required IReadOnlyList<string> Parameter { get; init; }

    /// <summary>The JSON Schema of the arguments, as the model is shown it.</summary>
    public required string Schema { get; init; }

    /// <summary>Longest run of one call.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Most bytes of output that are kept.</summary>
    public required int MaxOutputBytes { get; init; }

    /// <summary>SHA-256 over all that the model sees and all that runs; permissions can be pinned to it.</summary>
    public required string Digest { get; init; }

    /// <summary>When it was last registered, UTC.</summary>
    public required DateTimeOffset Registered { get; init; }

    /// <summary>The name, so that the object serves where one is asked for.</summary>
    public override string ToString() => Name;

    internal static Tool From(ToolState state, string? isolation) => new()
    {
        Name = state.Definition.Name,
        Kind = state.Definition.Kind.ToString(),
        Description = state.Definition.Description,
        SideEffect = state.Definition.SideEffect.ToString(),
        Compensation = state.Definition.Compensation,
        Isolation = isolation,
        Constraint = state.Definition.Constraints.ToJson()?.Select(constraint => constraint!.ToJsonString()).ToArray() ?? [],
        DataClass = state.Definition.Data.Class,
        Data = [.. state.Definition.Data.Paths.Select(name => "data:" + name), .. state.Definition.Data.Roots.OrderBy(root => root.Key, StringComparer.Ordinal).Select(root => $"data:{root.Key} = {root.Value}")],
        Suspended = state.Suspended,
        Parameter = state.Definition.Parameters.OrderByDescending(parameter => parameter.IsMandatory).Select(parameter => parameter.Name).ToArray(),
        Schema = ToolSchema.ToJsonSchema(state.Definition.Parameters).ToJsonString(),
        Timeout = state.Definition.Timeout,
        MaxOutputBytes = state.Definition.MaxOutputBytes,
        Digest = state.Definition.Digest,
        Registered = state.Registered,
    };
}
