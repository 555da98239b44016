using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Tools.Http;

/// <summary>One argument of an Http tool and how it is sent: <c>{parameter, in, name, separator}</c>.</summary>
/// <param name="Parameter">The tool's parameter.</param>
/// <param name="Place">Where it goes.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Separator">What stands between the items of a list in a query; null to repeat the name for each.</param>
internal sealed record HttpPart(string Parameter, HttpPartPlace Place, string Name, string? Separator = null)
{
    /// <summary>The places' names in documents.</summary>
    public static readonly (string Word, HttpPartPlace Value)[] Places =
    [
        ("query", HttpPartPlace.Query), ("header", HttpPartPlace.Header), ("member", HttpPartPlace.Member), ("content", HttpPartPlace.Content),
    ];

    public static HttpPart FromJson(JsonElement part)
    {
        var parameter = part.RequiredText("parameter");
        return new HttpPart(parameter, part.RequiredEnum<HttpPartPlace>("in"), part.Text("name") ?? parameter, part.Text("separator"));
    }

    public JsonObject ToJson() => new JsonObject()
        .With("parameter", Parameter)
        .With("in", Array.Find(Places, place => place.Value == Place).Word)
        .With("name", Name == Parameter ? null : Name)
        .With("separator", Separator);
}
