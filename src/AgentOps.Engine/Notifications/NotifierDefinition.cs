using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Notifications;

/// <summary>Who is told when a call waits for persons: a program, or a web address; exactly one of the two.</summary>
public sealed record NotifierDefinition
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>A program and its arguments, without a shell; it reads the notice as JSON from its standard input. Empty for a webhook.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The address that the notice is posted to as JSON; null for a command.</summary>
    public Uri? Webhook { get; init; }

    /// <summary>A reference (<c>env:NAME</c>) to a token, sent as <c>Authorization: Bearer</c> with the webhook; null for none.</summary>
    public string? Secret { get; init; }

    /// <summary>The canonical JSON.</summary>
    public JsonObject ToJson() => new JsonObject()
        .With("name", Name)
        .With("command", Command)
        .With("webhook", Webhook?.ToString())
        .With("secret", Secret);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static NotifierDefinition FromJson(JsonElement element) => new()
    {
        Name = element.RequiredText("name"),
        Command = element.Strings("command"),
        Webhook = element.Text("webhook") is { } webhook ? new Uri(webhook) : null,
        Secret = element.Text("secret"),
    };
}
