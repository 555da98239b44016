using System.Globalization;
using System.Text;
using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Approvals;

/// <summary>
/// The text that a key signs to answer a request: lines of name and value, each with its line feed, for a person to read. The
/// digest binds the call to the byte, the nonce the one request; nothing of one answer is any good for another.
/// </summary>
internal static class VoteText
{
    /// <summary>The text.</summary>
    /// <param name="request">The request.</param>
    /// <param name="approves">Approved, or denied.</param>
    /// <param name="answer">For a question: the payload with the answer.</param>
    public static byte[] Of(ApprovalRequest request, bool approves, string? answer)
    {
        var text = new StringBuilder("agentops approval v1\n");
        foreach (var (name, value) in new (string, string?)[]
        {
            ("request", request.Id), ("agent", request.Agent), ("onBehalfOf", request.OnBehalfOf), ("resource", request.Resource),
            ("arguments", request.Arguments), ("digest", request.Binding.Digest), ("nonce", request.Binding.Nonce),
            ("expires", YamlNumbers.Spell(request.Binding.Expires)), ("answer", approves ? "approve" : "deny"), ("payload", answer),
        })
        {
            if (value is not null)
            {
                text.Append(name).Append(": ");
                foreach (var letter in value)
                {
                    // No value can pass for another line.
                    _ = char.IsControl(letter) || letter is '\u2028' or '\u2029' ? text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}") : text.Append(letter);
                }

                text.Append('\n');
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
