using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Approvals;

/// <summary>
/// What an approval is for, to the byte: agent, person, resource, schema, arguments, session, policy set, nonce and
/// expiry. A change of any of these is another binding, and the approval does not hold for it.
/// </summary>
/// <param name="Digest"><c>sha256:</c> and 64 hexadecimal digits over all of it.</param>
/// <param name="Nonce">Random, so that two requests for the same call differ.</param>
/// <param name="Expires">After this it holds no more.</param>
public sealed record ApprovalBinding(string Digest, string Nonce, DateTimeOffset Expires)
{
    /// <summary>A binding with a fresh nonce.</summary>
    /// <param name="request">The call.</param>
    /// <param name="policySetDigest">The set that asked for the approval.</param>
    /// <param name="expires">When it ends.</param>
    public static ApprovalBinding Create(AuthorizationRequest request, string policySetDigest, DateTimeOffset expires) =>
        Compute(request, policySetDigest, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), expires);

    /// <summary>Whether it is for this very call under this very set.</summary>
    /// <param name="request">The call as it is now.</param>
    /// <param name="policySetDigest">The set in force now.</param>
    public bool Holds(AuthorizationRequest request, string policySetDigest) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(Compute(request, policySetDigest, Nonce, Expires).Digest), Encoding.UTF8.GetBytes(Digest));

    private static ApprovalBinding Compute(AuthorizationRequest request, string policySetDigest, string nonce, DateTimeOffset expires)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        string?[] parts =
        [
            "agentops-approval-v1", (request.BindingAgent ?? request.Agent).ToUpperInvariant(), request.OnBehalfOf, request.Resource.ToUpperInvariant(), request.SchemaDigest,
            request.Arguments.Digest, request.Session, policySetDigest, nonce, YamlNumbers.Spell(expires),
            .. request.Delegators.Select(delegator => delegator.ToUpperInvariant()),
            .. request.Touches.Select(touched => "touches " + touched),
        ];
        foreach (var part in parts)
        {
            // The length tells an absent part from an empty one, and no two sequences of parts share an encoding.
            var bytes = part is null ? [] : Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, part is null ? -1 : bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return new ApprovalBinding("sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset()), nonce, expires);
    }
}
