using System.Text.Json.Nodes;

namespace AgentOps.Engine.Permissions;

/// <summary>What became of one clause of a rule.</summary>
/// <param name="Clause">The clause, for example <c>argument Amount</c>.</param>
/// <param name="State">Whether it holds.</param>
/// <param name="Text">What was found, safe to give to the model.</param>
public sealed record ClauseExplanation(string Clause, RuleState State, string Text)
{
    /// <summary>For machines.</summary>
    public JsonObject ToJson() => new() { ["clause"] = Clause, ["state"] = State.ToString(), ["text"] = Text };

    /// <inheritdoc/>
    public override string ToString() => $"{Clause}: {State}: {Text}";
}
