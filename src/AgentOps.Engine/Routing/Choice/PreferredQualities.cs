namespace AgentOps.Engine.Routing;

/// <summary>Two predictions for one prompt, of which the second holds where the first knows nothing.</summary>
internal sealed class PreferredQualities : TargetQualities
{
    private readonly TargetQualities _first;
    private readonly TargetQualities _second;

    private PreferredQualities(TargetQualities first, TargetQualities second) => (_first, _second) = (first, second);

    /// <inheritdoc/>
    public override DomainEstimate? Domains => _first.Domains ?? _second.Domains;

    /// <inheritdoc/>
    public override double this[int target] => double.IsNaN(_first[target]) ? _second[target] : _first[target];

    /// <summary>Both together; the one where the other is null.</summary>
    public static TargetQualities? Of(TargetQualities? first, TargetQualities? second) =>
        first is null ? second : second is null ? first : new PreferredQualities(first, second);

    /// <inheritdoc/>
    public override string? Explain(int target) => double.IsNaN(_first[target]) ? _second.Explain(target) : _first.Explain(target);
}
