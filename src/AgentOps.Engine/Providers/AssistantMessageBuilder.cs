using System.Text;

namespace AgentOps.Engine.Providers;

/// <summary>Gathers the events of one answer into the assistant's message, ready to be sent back in the next turn.</summary>
public sealed class AssistantMessageBuilder
{
    private readonly List<MessagePart> _parts = [];
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _reasoning = new();

    /// <summary>The end of the answer, once it came.</summary>
    public ModelCompleted? Completed { get; private set; }

    /// <summary>The tool calls so far.</summary>
    public IEnumerable<ToolCallPart> ToolCalls => _parts.OfType<ToolCallPart>();

    /// <summary>Takes the next event.</summary>
    public void Add(ModelEvent modelEvent)
    {
        switch (modelEvent)
        {
            case TextDelta delta:
                EndReasoning(null);
                _text.Append(delta.Text);
                if (delta.Signature is not null)
                {
                    EndText(delta.Signature);
                }

                break;
            case ReasoningDelta { Redacted: true } withheld:
                EndText(null);
                EndReasoning(null);
                _parts.Add(new ReasoningPart(withheld.Text, withheld.Signature) { Redacted = true });
                break;
            case ReasoningDelta delta:
                EndText(null);
                _reasoning.Append(delta.Text);
                if (delta.Signature is not null)
                {
                    EndReasoning(delta.Signature);
                }

                break;
            case ToolCallProposed proposed:
                EndText(null);
                EndReasoning(null);
                _parts.Add(proposed.Call);
                break;
            case ModelCompleted completed:
                Completed = completed;
                break;
        }
    }

    /// <summary>The message so far; its parts are in the order in which they came.</summary>
    public Message Build()
    {
        EndText(null);
        EndReasoning(null);
        return new Message(MessageRole.Assistant, [.. _parts]);
    }

    private void EndText(string? signature)
    {
        if (_text.Length == 0 && signature is null)
        {
            return;
        }

        _parts.Add(new TextPart(_text.ToString()) { Signature = signature });
        _text.Clear();
    }

    private void EndReasoning(string? signature)
    {
        if (_reasoning.Length == 0 && signature is null)
        {
            return;
        }

        _parts.Add(new ReasoningPart(_reasoning.ToString(), signature));
        _reasoning.Clear();
    }
}
