using System.Text.Json;
using System.Text.RegularExpressions;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Permissions;

/// <summary>
/// Turns what a model proposes into frozen arguments, once, before anything is decided: canonical names only (no
/// prefix, no alias, no common parameter), one coercion a type, and a refusal, with the parameter and the reason, for
/// everything that is not exactly what the tool declares.
/// </summary>
public sealed class ArgumentBinder
{
    private const int LongestName = 128;

    private static readonly string[] ReservedNames =
    [
        "Confirm", "WhatIf", "Verbose", "Debug", "ErrorAction", "WarningAction", "InformationAction", "ProgressAction",
        "ErrorVariable", "WarningVariable", "InformationVariable", "OutVariable", "OutBuffer", "PipelineVariable",
    ];

    private readonly Dictionary<string, BoundParameter> _parameters = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A binder for one tool.</summary>
    /// <param name="parameters">The tool's parameters.</param>
    /// <exception cref="AgentOpsException"><see cref="ErrorCodes.InvalidToolParameter"/>.</exception>
    public ArgumentBinder(IReadOnlyList<ToolParameter> parameters)
    {
        foreach (var parameter in parameters)
        {
            if (parameter.Name.Length is 0 or > LongestName || IsReserved(parameter.Name))
            {
                throw Invalid(parameter, "the name is empty, too long, or one of PowerShell's common parameters, which a model never sets");
            }

            if (parameter.Type.Kind == ParameterKind.Array && parameter.Type.Items is null or { Kind: ParameterKind.Array })
            {
                throw Invalid(parameter, "a list needs items, and no lists");
            }

            if (!_parameters.TryAdd(parameter.Name, new BoundParameter(parameter, ToRegex(parameter))))
            {
                throw Invalid(parameter, "declared twice");
            }
        }
    }

    /// <summary>Whether a name is one of PowerShell's common parameters, which no tool's parameter can have.</summary>
    internal static bool IsReserved(string name) => ReservedNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Binds with parameters that are used only once; keep a binder for a tool that is called often.</summary>
    /// <param name="parameters">The tool's parameters.</param>
    /// <param name="modelArguments">The object that the model proposed.</param>
    public static BindingResult Bind(IReadOnlyList<ToolParameter> parameters, JsonElement modelArguments) =>
        new ArgumentBinder(parameters).Bind(modelArguments);

    /// <summary>Binds what a model proposed.</summary>
    /// <param name="modelArguments">An object; null or nothing counts as an empty one.</param>
    public BindingResult Bind(JsonElement modelArguments)
    {
        var refusals = new List<BindingRefusal>();
        var bound = new Dictionary<string, ArgumentValue>(StringComparer.OrdinalIgnoreCase);
        if (modelArguments.ValueKind == JsonValueKind.Object)
        {
            BindMembers(modelArguments, bound, refusals);
        }
        else if (modelArguments.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
        {
            refusals.Add(new BindingRefusal("(arguments)", "an object with one member for each parameter is due"));
        }

        foreach (var parameter in _parameters.Values)
        {
            var name = parameter.Declaration.Name;
            if (parameter.Declaration.IsMandatory && !bound.ContainsKey(name) && !refusals.Exists(refusal => Same(refusal.Parameter, name)))
            {
                refusals.Add(new BindingRefusal(name, $"is missing; a {parameter.Declaration.Type} is due"));
            }
        }

        return refusals.Count > 0
            ? new BindingResult(null, refusals)
            : new BindingResult(bound.Count == 0 ? BoundArguments.Empty : new BoundArguments(bound), []);
    }

    private void BindMembers(JsonElement modelArguments, Dictionary<string, ArgumentValue> bound, List<BindingRefusal> refusals)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in modelArguments.EnumerateObject())
        {
            var written = JsonText.TryName(member, out var name) ? name : null;
            if (written is null || !_parameters.TryGetValue(written, out var parameter))
            {
                refusals.Add(new BindingRefusal(Cut(written ?? "(name)"), UnknownReason(written)));
            }
            else if (!seen.Add(written))
            {
                refusals.Add(new BindingRefusal(parameter.Declaration.Name, "is given twice"));
            }
            else if (member.Value.ValueKind == JsonValueKind.Null && !parameter.Declaration.IsMandatory)
            {
                continue;
            }
            else if (ArgumentCoercion.TryCoerce(parameter.Declaration, parameter.Pattern, member.Value, out var value, out var reason))
            {
                bound.Add(parameter.Declaration.Name, value);
            }
            else
            {
                refusals.Add(new BindingRefusal(parameter.Declaration.Name, reason));
            }
        }
    }

    private string UnknownReason(string? written)
    {
        var known = _parameters.Values.Select(parameter => parameter.Declaration.Name).ToList();
        var reason = "is not a parameter of this tool; names are written in full, without dashes or values";
        return written is { Length: <= LongestName } && YamlSuggestion.Nearest(written, known) is { } near ? $"{reason}; did you mean '{near}'?" : reason;
    }

    private static Regex? ToRegex(ToolParameter parameter)
    {
        if (parameter.Pattern is null)
        {
            return null;
        }

        return PatternText.TryCompile(parameter.Pattern, out var regex, out var problem)
            ? regex
            : throw Invalid(parameter, $"the pattern does not compile: {problem?.TrimEnd('.')}");
    }

    private static AgentOpsException Invalid(ToolParameter parameter, string what) =>
        new(ErrorCodes.InvalidToolParameter, $"Parameter '{parameter.Name}': {what}.", parameter.Name);

    private static string Cut(string name) => name.Length <= 64 ? name : name[..64] + "…";

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private sealed record BoundParameter(ToolParameter Declaration, Regex? Pattern);
}
