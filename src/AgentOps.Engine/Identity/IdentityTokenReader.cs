using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Identity;

/// <summary>
/// Verifies the tokens of a workspace's own agents, as RFC 8725 advises: the algorithm is ES256 whatever the token says, the key is one with
/// which an agent of this workspace signs now, found by its thumbprint alone, and the token speaks of the agent whose key it is.
/// Nothing in it is believed before its signature holds.
/// </summary>
internal static class IdentityTokenReader
{
    /// <summary>How far the clocks of the hosts of a workspace may lie apart.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    // A token of eight agents with names of 64 letters has 2,000.
    private const int LongestToken = 8192;
    private const int SignatureBytes = 64;
    private const string Malformed = "It has not the form of a signed token.";

    /// <summary>Whether a credential looks like a token rather than like a key: it begins as a header in JSON does, or has a token's dots.</summary>
    public static bool IsToken(string credential) => credential.StartsWith("eyJ", StringComparison.Ordinal) || credential.Count(letter => letter == '.') >= 2;

    /// <summary>Reads a token.</summary>
    /// <param name="text">The token in the compact form (RFC 7515, 3.1).</param>
    /// <param name="state">The workspace.</param>
    /// <param name="issuer">The workspace's name, which must have issued it.</param>
    /// <param name="audience">For whom it must be.</param>
    /// <param name="now">The time, UTC.</param>
    /// <returns>The token, or why it is none that holds; never a part of it.</returns>
    public static (IdentityToken? Token, string Refusal) Read(string text, WorkspaceState state, string issuer, string audience, DateTimeOffset now)
    {
        var parts = text.Length <= LongestToken ? text.Split('.') : [];
        if (parts.Length != 3 || Object(parts[0]) is not { } header || Bytes(parts[2]) is not { Length: SignatureBytes } signature)
        {
            return (null, Malformed);
        }

        if (header.Text("alg") != IdentityToken.Algorithm || header.Text("typ") != IdentityToken.Type || header.Member("crit") is not null)
        {
            return (null, $"It is not signed with {IdentityToken.Algorithm}, as a token of this workspace is.");
        }

        if (Owner(state, header.Text("kid")) is not var (agent, key))
        {
            return (null, "No agent of this workspace signs with its key now.");
        }

        if (!Verifies(key, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature))
        {
            return (null, "Its signature does not hold.");
        }

        if (Object(parts[1]) is not { } claims || IdentityToken.FromClaims(claims) is not { } token || !string.Equals(token.Agent, agent, StringComparison.Ordinal))
        {
            return (null, "What it says is not what a token of its agent says.");
        }

        return token.Issuer != issuer ? (null, "Another workspace issued it.")
            : token.Audience != audience ? (null, "It is for somebody else.")
            : token.IssuedAt > now + Skew ? (null, "It is not valid yet; compare the hosts' clocks.")
            : token.Expires + Skew <= now ? (null, "It has expired.")
            : (token, string.Empty);
    }

    private static (string Agent, AgentKey Key)? Owner(WorkspaceState state, string? kid)
    {
        foreach (var agent in state.Agents.Values)
        {
            foreach (var key in agent.Keys)
            {
                if (key.Id == kid && key.Retired is null)
                {
                    return (agent.Definition.Name, key);
                }
            }
        }

        return null;
    }

    private static bool Verifies(AgentKey key, byte[] text, byte[] signature)
    {
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(key.X), Y = Base64Url.DecodeFromChars(key.Y) },
        });
        return ecdsa.VerifyData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static JsonElement? Object(string part)
    {
        if (Bytes(part) is not { } bytes)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The bytes of a part. Only the one spelling of RFC 7515 counts: no padding, no space, no bits left over.</summary>
    private static byte[]? Bytes(string part)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(part);
            return Base64Url.EncodeToString(bytes) == part ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
