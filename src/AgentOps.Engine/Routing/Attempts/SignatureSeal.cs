using System.Security.Cryptography;
using System.Text;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>
/// Vendors sign what their models reason, and refuse a conversation with a signature that is not their model's own: after a route has
/// fallen back, or chosen another model for the next turn, the conversation holds such ones. Newer models of Anthropic refuse their own as well
/// when anything before it has changed since (https://platform.claude.com/docs/en/build-with-claude/preserved-thinking): a summary,
/// another tool. So a signature leaves a route sealed with the target that it is from and, for these vendors, with all that stood
/// before it; it goes back to the target for which the seal holds, and to no other. Without it a vendor takes the conversation as another model's.
/// </summary>
internal sealed class SignatureSeal
{
    private const int TagLength = 16;

    private readonly string _target;
    private readonly bool _isBoundToPrefix;
    private byte[]? _tag;

    /// <summary>Prepares a request for a target.</summary>
    /// <param name="target">Whom it goes to.</param>
    /// <param name="kind">Its provider's kind.</param>
    /// <param name="request">The request, as it came to the route.</param>
    public SignatureSeal(RouteTarget target, string kind, ModelRequest request)
    {
        _target = $"{kind}\n{target.Provider}\n{target.Model}\n";
        _isBoundToPrefix = kind is ProviderKinds.Anthropic or ProviderKinds.Bedrock;
        Request = (request.Messages.Any(static message => message.IsSigned) ? request with { Messages = Open(request) } : request) with { Model = target.Model };
    }

    private static ReadOnlySpan<byte> Mark => "ao1"u8;

    /// <summary>The request with the target's own signatures, and no others.</summary>
    public ModelRequest Request { get; }

    /// <summary>An event of the answer, with its signature sealed.</summary>
    public ModelEvent Seal(ModelEvent item) => item switch
    {
        TextDelta { Signature: { } signature } delta => delta with { Signature = Seal(signature) },
        ReasoningDelta { Signature: { } signature } delta => delta with { Signature = Seal(signature) },
        ToolCallProposed { Call: { Signature: { } signature } call } => new ToolCallProposed(call with { Signature = Seal(signature) }),
        _ => item,
    };

    private string Seal(string signature)
    {
        if (_tag is null)
        {
            using var prefix = Begin(Request);
            foreach (var message in Request.Messages)
            {
                Add(prefix, message);
            }

            _tag = Tag(prefix);
        }

        return Convert.ToBase64String([.. Mark, .. _tag, .. Encoding.UTF8.GetBytes(signature)]);
    }

    private Message[] Open(ModelRequest request)
    {
        using var prefix = Begin(request);
        var messages = new Message[request.Messages.Count];
        for (var i = 0; i < messages.Length; i++)
        {
            var message = request.Messages[i];
            if (message.IsSigned)
            {
                var tag = Tag(prefix);
                message = message.Sign(signature => Open(signature, tag));
            }

            Add(prefix, message);
            messages[i] = message;
        }

        return messages;
    }

    private static string? Open(string sealedSignature, ReadOnlySpan<byte> tag)
    {
        var bytes = new byte[(sealedSignature.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(sealedSignature, bytes, out var length) && length > Mark.Length + TagLength
            && bytes.AsSpan().StartsWith(Mark) && bytes.AsSpan(Mark.Length, TagLength).SequenceEqual(tag)
                ? Encoding.UTF8.GetString(bytes, Mark.Length + TagLength, length - Mark.Length - TagLength)
                : null;
    }

    private IncrementalHash Begin(ModelRequest request)
    {
        var prefix = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        prefix.AppendData(Encoding.UTF8.GetBytes(_target));
        if (_isBoundToPrefix)
        {
            // Instructions and tools stand before all messages, wherever they come in the request.
            foreach (var tool in request.Tools)
            {
                prefix.AppendData(Encoding.UTF8.GetBytes($"{tool.Name}\n{tool.Description}\n{tool.InputSchema.ToJsonString()}\n"));
            }

            foreach (var message in request.Messages.Where(message => message.Role == MessageRole.System))
            {
                prefix.AppendData(Encoding.UTF8.GetBytes(message.TextContent + "\n"));
            }
        }

        return prefix;
    }

    private void Add(IncrementalHash prefix, Message message)
    {
        if (_isBoundToPrefix && message.Role != MessageRole.System)
        {
            prefix.AppendData(Encoding.UTF8.GetBytes(message.ToJson().ToJsonString() + "\n"));
        }
    }

    private static byte[] Tag(IncrementalHash prefix) => prefix.GetCurrentHash()[..TagLength];
}
