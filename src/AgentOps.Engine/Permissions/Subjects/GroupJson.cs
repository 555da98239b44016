using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Permissions;

/// <summary>The canonical JSON of a group.</summary>
internal static class GroupJson
{
    public static JsonObject Write(PolicyGroup group) => new JsonObject().With("name", group.Name).With("members", group.Members);

    public static PolicyGroup Read(JsonElement element) => new(element.RequiredText("name"), element.Strings("members"));
}
