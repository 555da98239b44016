using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentOps.Engine.Providers.OpenAI;

/// <summary>
/// Puts streamed tool calls together by <c>index</c>: id and name come in the first fragment only, arguments in pieces.
/// Compatible servers leave the index out, give every call index 0 with its own id, or repeat id and name in each fragment.
/// </summary>
internal sealed class OpenAIToolCalls
{
    private readonly List<Call> _calls = [];

    public bool Any => _calls.Count > 0;

    public void Add(JsonElement fragment)
    {
        var index = fragment.Integer("index");
        var id = fragment.Text("id") is { Length: > 0 } given ? given : null;
        var function = fragment.Member("function");
        var call = Find(index, id);
        if (call is null)
        {
            call = new Call(index ?? _calls.Count, id);
            _calls.Add(call);
        }

        call.Id ??= id;
        call.Name ??= function.Text("name") is { Length: > 0 } name ? name : null;
        switch (function.Member("arguments"))
        {
            case { ValueKind: JsonValueKind.String } text:
                call.Arguments.Append(text.GetString());
                break;
            case { ValueKind: JsonValueKind.Object } whole:
                call.Arguments.Append(whole.GetRawText());
                break;
        }
    }

    public IEnumerable<ToolCallPart> Finish()
    {
        var number = 0;
        foreach (var call in _calls.OrderBy(call => call.Index))
        {
            number++;
            yield return new ToolCallPart(
                call.Id ?? "call_" + number.ToString(CultureInfo.InvariantCulture),
                call.Name ?? "",
                call.Arguments.Length == 0 ? "{}" : call.Arguments.ToString());
        }
    }

    private Call? Find(long? index, string? id)
    {
        // The newest first: a call that another id has displaced from its index gets no more fragments.
        for (var position = _calls.Count - 1; position >= 0; position--)
        {
            var call = _calls[position];
            if (index is null ? id is null || call.Id == id : call.Index == index)
            {
                return id is null || call.Id is null || call.Id == id ? call : null;
            }
        }

        return null;
    }

    private sealed class Call(long index, string? id)
    {
        public long Index { get; } = index;

        public string? Id { get; set; } = id;

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}
