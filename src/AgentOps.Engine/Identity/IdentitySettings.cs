using System.Text.Json;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Identity;

/// <summary>Whether a tool says who calls: <c>{identity: true, audience: TEXT}</c> among its settings.</summary>
/// <param name="IsSent">Whether it sends a token.</param>
/// <param name="Audience">For whom the token is; null for the address' scheme, host and port.</param>
internal sealed record IdentitySettings(bool IsSent, string? Audience)
{
    public static IdentitySettings FromJson(JsonElement settings) => new(settings.Flag("identity"), settings.Text("audience"));

    /// <summary>For whom a token to an address is.</summary>
    public string AudienceOf(Uri uri) => Audience ?? uri.GetLeftPart(UriPartial.Authority);

    /// <summary>Whether a token may travel to an address: it is encrypted on the way, or does not leave the machine.</summary>
    public static bool IsSafe(Uri uri) => uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback;

    /// <summary>Why the settings can't stand with an address; null when they can.</summary>
    public string? Invalid(Uri? uri) =>
        !IsSent ? Audience is null ? null : "it names an audience, and sends no identity"
        : Audience is { Length: 0 } ? "its audience is empty"
        : uri is not null && IsSafe(uri) ? null
        : "its identity would travel in the clear; use an https address";
}
