using System.Text.Json;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Memories;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tools.Http;
using AgentOps.Engine.Tools.Isolation;
using AgentOps.Engine.Tools.Mcp;
using AgentOps.Engine.Verification;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tools;

/// <summary>Whether a tool's definition is usable, found out when it is registered and not when a model calls it.</summary>
internal static class ToolCheck
{
    /// <summary>The definition with what its kind demands of every argument: a program's argument is never taken for an option.</summary>
    public static ToolDefinition Normalize(ToolDefinition tool) =>
        tool.Kind != ToolKind.Process || tool.Settings.ValueKind != JsonValueKind.Object || tool.Settings.Flag("allowLeadingDash")
            ? tool
            : tool with { Parameters = tool.Parameters.Select(parameter => parameter with { Literals = parameter.Literals | LiteralRules.Process }).ToArray() };

    public static void Check(ToolDefinition tool, Func<string, ToolDefinition?> find)
    {
        NameRule.Require("a tool", tool.Name, mayHaveDots: false);

        var twice = tool.Parameters.GroupBy(parameter => parameter.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw Invalid(tool, $"it has two parameters '{twice.Key}'");
        }

        // What can't be bound is found out now, not at the first call.
        _ = new ArgumentBinder(tool.Parameters);
        if (tool.Timeout <= TimeSpan.Zero || tool.MaxOutputBytes < 1)
        {
            throw Invalid(tool, "its time-out and its output limit must be above zero");
        }

        CheckSideEffect(tool, find);
        CheckWritable(tool);
        if (tool.Data.Problem() is { } wrong)
        {
            throw Invalid(tool, wrong);
        }

        ConstraintCheck.Check(tool, find);
        IReadOnlyList<string> mentioned = tool.Kind switch
        {
            ToolKind.Process => Templates(tool, "command", "linux", "windows", "macos"),
            ToolKind.Http => HttpTemplates(tool),
            ToolKind.Mcp => CheckServer(tool),
            ToolKind.Agent => CheckAgent(tool),
            ToolKind.Ask => CheckQuestion(tool),
            ToolKind.Memory => CheckMemory(tool),
            _ => [],
        };
        foreach (var name in mentioned.SelectMany(ArgumentTemplate.Placeholders))
        {
            if (!tool.Parameters.Any(parameter => string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                throw Invalid(tool, $"it mentions {{{name}}}, which is none of its parameters");
            }
        }
    }

    private static void CheckSideEffect(ToolDefinition tool, Func<string, ToolDefinition?> find)
    {
        if (tool.SideEffect == SideEffect.Reversible && tool.Compensation is null)
        {
            throw Invalid(tool, "a reversible tool names its compensation");
        }

        if (tool.Compensation is { } compensation && find(compensation) is null)
        {
            throw new AgentOpsException(ErrorCodes.ToolNotFound, $"The tool '{tool.Name}' names the compensation '{compensation}', which does not exist.", compensation);
        }
    }

    private static void CheckWritable(ToolDefinition tool)
    {
        if (tool.Isolation.Pin && (tool.Isolation.Level != IsolationLevel.Sandbox || tool.Kind is not (ToolKind.Process or ToolKind.Script)))
        {
            throw Invalid(tool, "it pins its paths, which only a program or script in the sandbox can: it must demand the level 'sandbox'");
        }

        foreach (var path in tool.Isolation.Write)
        {
            var isArgument = tool.Parameters.Any(parameter => parameter.Type.Kind == ParameterKind.Path && string.Equals(path, $"{{{parameter.Name}}}", StringComparison.OrdinalIgnoreCase));
            if (!isArgument && (!Path.IsPathFullyQualified(path) || path.Contains('{', StringComparison.Ordinal)))
            {
                throw Invalid(tool, $"what it may write, '{path}', is neither an absolute path nor a parameter of the type path in braces");
            }
        }
    }

    private static List<string> Templates(ToolDefinition tool, params string[] vectors)
    {
        var all = vectors.SelectMany(vector => tool.Settings.Strings(vector)).ToList();
        return all.Count > 0 ? all : throw Invalid(tool, "a Process tool needs its program and arguments ('command')");
    }

    private static string[] CheckAgent(ToolDefinition tool) =>
        tool.Settings.Text("name") is not { Length: > 0 } ? throw Invalid(tool, "an Agent tool names its agent ('name')")
        : tool.Parameters is [{ Name: AgentToolExecutor.PromptParameter, Type.Kind: ParameterKind.String, IsMandatory: true }] ? []
        : throw Invalid(tool, $"an Agent tool has one mandatory text parameter, '{AgentToolExecutor.PromptParameter}'");

    private static string[] CheckQuestion(ToolDefinition tool) =>
        tool.Parameters.Any(parameter => parameter.Name == Question.QuestionParameter && parameter.Type.Kind == ParameterKind.String && parameter.IsMandatory) ? []
        : throw Invalid(tool, $"an Ask tool has a mandatory text parameter, '{Question.QuestionParameter}'");

    private static string[] CheckMemory(ToolDefinition tool)
    {
        var memory = MemoryTool.FromSettings(tool.Settings) ?? throw Invalid(tool, "a Memory tool says what it does ('operation'): remember, recall or forget");
        if (memory.Operation != MemoryOperation.Recall && tool.SideEffect == SideEffect.None)
        {
            throw Invalid(tool, "what remembers or forgets changes something, so its side effect is not 'none'");
        }

        return tool.Parameters.Select(Silent).SequenceEqual(memory.Parameters.Select(Silent)) ? [] : throw Invalid(tool, "its parameters are not those of its operation; leave them out");
    }

    private static ToolParameter Silent(ToolParameter parameter) => parameter with { Description = null };

    private static string[] CheckServer(ToolDefinition tool)
    {
        var settings = tool.Settings;
        var hasCommand = settings.Strings("command").Count > 0;
        if (hasCommand == (settings.Text("uri") is not null))
        {
            throw Invalid(tool, "an Mcp tool names its server either by a program ('command') or by an address ('uri')");
        }

        if (settings.Text("uri") is { } uri && !(Uri.TryCreate(uri, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
        {
            throw Invalid(tool, $"its address '{uri}' is no http or https address");
        }

        CheckIdentity(tool, settings.Text("uri") is { } place ? new Uri(place) : null);
        if (McpToolSettings.FromJson(settings).CredentialProblem() is { } problem)
        {
            throw Invalid(tool, problem);
        }

        if (settings.Text("tool") is not { Length: > 0 } || settings.Text("pin") is not { Length: 64 })
        {
            throw Invalid(tool, "an Mcp tool needs its name at the server ('tool') and the digest that it is pinned to ('pin', 64 hexadecimal digits)");
        }

        return [];
    }

    private static string[] HttpTemplates(ToolDefinition tool)
    {
        var template = tool.Settings.Text("uri") ?? throw Invalid(tool, "an Http tool needs its address ('uri')");
        var authority = template.Split('/', 4);
        if (authority.Length < 3 || authority[0] is not ("http:" or "https:") || authority[2].Length == 0)
        {
            throw Invalid(tool, $"its address '{template}' is no http or https address");
        }

        if (authority[2].Contains('{', StringComparison.Ordinal))
        {
            throw Invalid(tool, "its address takes the host from an argument; name the host");
        }

        CheckIdentity(tool, new Uri(string.Join('/', authority.Take(3))));
        var settings = HttpToolSettings.FromJson(tool.Settings);
        foreach (var header in settings.Headers.Keys.Where(SecretReference.IsSecretHeader))
        {
            throw Invalid(tool, $"the header '{header}' carries a secret; refer to it under 'credentials'");
        }

        foreach (var credential in settings.Credentials)
        {
            if (tool.Settings.Flag("identity") && credential.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
            {
                throw Invalid(tool, "it sends a credential and its identity in the same header field, 'Authorization'");
            }

            if (!SecretReference.IsReference(credential.Secret) || credential.Scheme is not (null or "bearer" or "basic"))
            {
                throw Invalid(tool, "a credential is a reference such as env:NAME, with the scheme bearer, basic or none");
            }

            if (!settings.AllowPrivateNetwork && !template.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
            {
                throw Invalid(tool, "its credential would be sent in the clear; its address must begin with https");
            }
        }

        foreach (var part in settings.Parts)
        {
            if (part.Place == HttpPartPlace.Header && HttpCall.IsOwnField(part.Name))
            {
                throw Invalid(tool, $"the header field '{part.Name}' is not for an argument to set");
            }

            if (!tool.Parameters.Any(parameter => string.Equals(parameter.Name, part.Parameter, StringComparison.OrdinalIgnoreCase)))
            {
                throw Invalid(tool, $"it sends '{part.Parameter}', which is none of its parameters");
            }
        }

        return [template];
    }

    private static void CheckIdentity(ToolDefinition tool, Uri? uri)
    {
        if (IdentitySettings.FromJson(tool.Settings).Invalid(uri) is { } why)
        {
            throw Invalid(tool, why);
        }
    }

    private static AgentOpsException Invalid(ToolDefinition tool, string why) =>
        new(ErrorCodes.ToolInvalid, $"The tool '{tool.Name}' can't be registered: {why}.", tool.Name);
}
