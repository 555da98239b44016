using System.Collections.ObjectModel;
using System.Management.Automation;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Permissions;

namespace AgentOps.Hosting;

/// <summary>A tool's parameters from a PowerShell command's own metadata.</summary>
internal static class CommandSchema
{
    private static readonly HashSet<string> LeftOut = new(
        PSCmdlet.CommonParameters.Concat(PSCmdlet.OptionalCommonParameters).Append("ProgressAction"), StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> PathNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "Path", "LiteralPath", "FilePath", "Destination", "DestinationPath", "OutFile", "InFile", "WorkingDirectory", "ParentPath",
    };

    /// <summary>The parameter set that becomes the tool: the one named, else the default, else the only one.</summary>
    /// <exception cref="AgentOpsException"><c>CommandNotAllowed</c>.</exception>
    public static CommandParameterSetInfo FindSet(CommandInfo command, string? name)
    {
        var sets = command.ParameterSets;
        var found = name is not null
            ? sets.FirstOrDefault(set => string.Equals(set.Name, name, StringComparison.OrdinalIgnoreCase))
            : sets.Count == 1 ? sets[0] : sets.FirstOrDefault(set => set.IsDefault);
        return found ?? throw new AgentOpsException(
            ErrorCodes.CommandNotAllowed,
            name is null
                ? $"'{command.Name}' has several parameter sets and no default."
                : $"'{command.Name}' has no parameter set '{name}'.",
            command.Name,
            $"Name one with -ParameterSet: {string.Join(", ", sets.Select(set => set.Name))}.");
    }

    /// <summary>The parameters of a set that a model can be shown. One whose type has no place in JSON is left out.</summary>
    /// <exception cref="AgentOpsException"><c>CommandNotAllowed</c>: a mandatory parameter can't be given by a model.</exception>
    public static IReadOnlyList<ToolParameter> Parameters(CommandInfo command, ReadOnlyCollection<CommandParameterInfo> parameters, Func<string, string?> describe)
    {
        var result = new List<ToolParameter>();
        foreach (var parameter in parameters.Where(parameter => !LeftOut.Contains(parameter.Name)))
        {
            if (Parameter(parameter.Name, parameter.ParameterType, parameter.IsMandatory, parameter.Attributes, describe(parameter.Name) ?? parameter.HelpMessage) is { } usable)
            {
                result.Add(usable);
            }
            else if (parameter.IsMandatory)
            {
                throw new AgentOpsException(
                    ErrorCodes.CommandNotAllowed,
                    $"'{command.Name}' needs the parameter '{parameter.Name}' of type {parameter.ParameterType.Name}, which a model can't give.",
                    command.Name);
            }
        }

        return result;
    }

    /// <summary>Whether a parameter is not shown to models, because its type has no place in JSON.</summary>
    public static bool IsLeftOut(CommandParameterInfo parameter) =>
        !LeftOut.Contains(parameter.Name) && Map(parameter.Name, parameter.ParameterType) is null;

    /// <summary>One parameter; null when its type has no place in JSON.</summary>
    public static ToolParameter? Parameter(string name, Type type, bool isMandatory, IEnumerable<Attribute> attributes, string? description)
    {
        if (Map(name, type) is not { } mapped)
        {
            return null;
        }

        var element = type.IsArray ? type.GetElementType()! : Nullable.GetUnderlyingType(type) ?? type;
        var allowed = element.IsEnum ? Enum.GetNames(element) : null;
        string? pattern = null;
        decimal? min = null;
        decimal? max = null;
        foreach (var attribute in attributes)
        {
            switch (attribute)
            {
                case ValidateSetAttribute set:
                    allowed = [.. set.ValidValues];
                    break;
                case ValidatePatternAttribute { RegexPattern: var text } when !type.IsArray && mapped.Kind == ParameterKind.String:
                    pattern = Anchored(text);
                    break;
                case ValidateRangeAttribute range:
                    min = ToDecimal(range.MinRange);
                    max = ToDecimal(range.MaxRange);
                    break;
            }
        }

        var isNumber = mapped.Kind is ParameterKind.Integer or ParameterKind.Decimal;
        return new ToolParameter(
            name,
            mapped,
            isMandatory,
            mapped.Kind == ParameterKind.String ? allowed : null,
            pattern,
            isNumber ? min : null,
            isNumber ? max : null,
            string.IsNullOrWhiteSpace(description) ? null : description.Trim())
        {
            Literals = LiteralRules.Command,
        };
    }

    private static ParameterType? Map(string name, Type type)
    {
        if (type.IsArray)
        {
            return type.GetArrayRank() == 1 && Map(name, type.GetElementType()!) is { Kind: not ParameterKind.Array } items ? ParameterType.ArrayOf(items) : null;
        }

        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return PathNames.Contains(name) ? ParameterType.Path : ParameterType.String;
        }

        if (type == typeof(SwitchParameter) || type == typeof(bool))
        {
            return ParameterType.Boolean;
        }

        if (type == typeof(DateTime) || type == typeof(DateTimeOffset))
        {
            return ParameterType.Date;
        }

        if (type.IsEnum || type == typeof(Uri) || type == typeof(Guid) || type == typeof(TimeSpan) || type == typeof(Version) || type == typeof(char))
        {
            return ParameterType.String;
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Int64 or TypeCode.UInt64 => ParameterType.Integer,
            TypeCode.Decimal or TypeCode.Double or TypeCode.Single => ParameterType.Decimal,
            _ => null,
        };
    }

    /// <summary>PowerShell's pattern matches anywhere in the text; the tool's has to match the whole.</summary>
    private static string Anchored(string pattern) =>
        $"{(pattern.StartsWith('^') ? string.Empty : "[\\s\\S]*")}(?:{pattern.TrimStart('^').TrimEnd('$')}){(pattern.EndsWith('$') ? string.Empty : "[\\s\\S]*")}";

    private static decimal? ToDecimal(object? bound)
    {
        try
        {
            return bound is IConvertible number and not string ? number.ToDecimal(System.Globalization.CultureInfo.InvariantCulture) : null;
        }
        catch (OverflowException)
        {
            // A bound beyond what a decimal holds bounds nothing here; the command checks it itself.
            return null;
        }
    }
}
