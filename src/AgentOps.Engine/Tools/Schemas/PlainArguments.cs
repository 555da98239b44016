using System.Text.Json.Nodes;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tools.Schemas;

/// <summary>Frozen arguments as a service expects them: decimals, which are texts among us, are numbers again.</summary>
internal static class PlainArguments
{
    /// <summary>The arguments as JSON, under the parameters' own names.</summary>
    public static JsonObject Write(IReadOnlyList<ToolParameter> parameters, BoundArguments arguments)
    {
        var json = new JsonObject();
        foreach (var parameter in parameters)
        {
            if (arguments.TryGet(parameter.Name, out var value))
            {
                json[parameter.Name] = Write(value);
            }
        }

        return json;
    }

    /// <summary>One value.</summary>
    public static JsonNode? Write(ArgumentValue value) => value.Kind switch
    {
        ArgumentValueKind.Decimal => JsonValue.Create(value.AsDecimal()!.Value),
        ArgumentValueKind.Array => new JsonArray([.. value.AsArray().ToArray().Select(Write)]),
        ArgumentValueKind.Object => new JsonObject(value.AsObject().ToArray().Select(member => KeyValuePair.Create(member.Key, Write(member.Value)))),
        _ => value.ToJson(),
    };
}
