using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AgentOps.Engine.Tests.Identity;

/// <summary>A service's side, written from RFC 7515, 7517 and 7519 alone: it knows the key set, its own name and the time.</summary>
internal static class TokenVerifier
{
    /// <summary>The claims of a token, or why it is refused.</summary>
    public static (JsonElement? Claims, string? Refusal) Verify(string token, string keySet, string audience, DateTimeOffset now)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return (null, "form");
        }

        var header = Json(parts[0]);
        var key = JsonDocument.Parse(keySet).RootElement.GetProperty("keys").EnumerateArray().FirstOrDefault(one => one.GetProperty("kid").GetString() == header.GetProperty("kid").GetString());
        if (key.ValueKind == JsonValueKind.Undefined || header.GetProperty("alg").GetString() != "ES256")
        {
            return (null, "key");
        }

        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Bytes(key.GetProperty("x").GetString()!), Y = Bytes(key.GetProperty("y").GetString()!) },
        });
        if (!ecdsa.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Bytes(parts[2]), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
        {
            return (null, "signature");
        }

        var claims = Json(parts[1]);
        var seconds = now.ToUnixTimeSeconds();
        return claims.GetProperty("act").GetProperty("sub").GetString() != "agent:" + key.GetProperty("agent").GetString() ? (null, "actor")
            : claims.GetProperty("aud").GetString() != audience ? (null, "audience")
            : seconds < claims.GetProperty("nbf").GetInt64() || seconds >= claims.GetProperty("exp").GetInt64() ? (null, "time")
            : (claims, null);
    }

    private static byte[] Bytes(string text) => Base64Url.DecodeFromChars(text);

    private static JsonElement Json(string part) => JsonDocument.Parse(Bytes(part)).RootElement;
}
