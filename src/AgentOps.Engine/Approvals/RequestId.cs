using System.Security.Cryptography;

namespace AgentOps.Engine.Approvals;

/// <summary>Makes ids of requests: short enough to read out, too many to guess.</summary>
internal static class RequestId
{
    private const int RandomBytes = 5;

    public static string Create() => "r-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));
}
