using System.Threading.Channels;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Identity;

namespace AgentOps.Engine.Invocation;

/// <summary>The one way from a session to whoever listens: no secret passes, neither in pieces of a stream nor in an error.</summary>
/// <param name="listener">Receives the events.</param>
/// <param name="redactor">Knows the secrets.</param>
internal sealed class RedactedEvents(ChannelWriter<SessionEvent> listener, SecretRedactor redactor) : ChannelWriter<SessionEvent>
{
    private readonly StreamRedactor _text = new(redactor);
    private readonly StreamRedactor _reasoning = new(redactor);
    private SessionEvent? _last;

    public override bool TryWrite(SessionEvent item)
    {
        switch (item.Kind)
        {
            case SessionEventKind.Text:
                return Write(item, _text.Push(item.Text ?? string.Empty));
            case SessionEventKind.Reasoning:
                return Write(item, _reasoning.Push(item.Text ?? string.Empty));
            default:
                Flush();
                return listener.TryWrite(item with
                {
                    Text = Redact(item.Text),
                    Reason = Redact(item.Reason),
                    Detail = Redact(item.Detail),
                    Arguments = Redact(item.Arguments),
                    Result = item.Result is { } result ? Redact(result) : null,
                });
        }
    }

    public override bool TryComplete(Exception? error = null)
    {
        Flush();
        return listener.TryComplete(error is null ? null : Redact(error));
    }

    public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => listener.WaitToWriteAsync(cancellationToken);

    private InvocationResult Redact(InvocationResult result)
    {
        var answer = redactor.Redact(result.Answer);
        return result with { Answer = answer, Reason = redactor.Redact(result.Reason), Undone = UndoneCall.Redact(result.Undone, redactor), Output = answer == result.Answer ? result.Output : null };
    }

    private bool Write(SessionEvent item, string text)
    {
        _last = item;
        return text.Length == 0 || listener.TryWrite(item with { Text = text });
    }

    private void Flush()
    {
        if (_last is { } last)
        {
            foreach (var (kind, rest) in new[] { (SessionEventKind.Reasoning, _reasoning.Flush()), (SessionEventKind.Text, _text.Flush()) })
            {
                if (rest.Length > 0)
                {
                    listener.TryWrite(last with { Kind = kind, Text = rest });
                }
            }
        }
    }

    private string? Redact(string? text) => text is null ? null : redactor.Redact(text);

    /// <summary>An error whose dump holds a secret, however deep, is told anew without its causes.</summary>
    private Exception Redact(Exception error)
    {
        var dump = error.ToString();
        if (string.Equals(redactor.Redact(dump), dump, StringComparison.Ordinal))
        {
            return error;
        }

        var known = error as AgentOpsException;
        return new AgentOpsException(known?.Code ?? ErrorCodes.InternalError, redactor.Redact(error.Message), Redact(known?.Target as string), Redact(known?.Mend));
    }
}
