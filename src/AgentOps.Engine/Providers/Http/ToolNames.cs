using System.Globalization;

namespace AgentOps.Engine.Providers.Http;

/// <summary>
/// Tool names that every vendor takes: a letter or underscore, then letters, digits, <c>_</c>, <c>-</c>, at most 64. A name
/// outside that is replaced for the wire, the same in each turn, and put back in the answer.
/// </summary>
internal static class ToolNames
{
    private const int Longest = 64;

    /// <summary>The request with wire names, and the way back; null when all names may stay, which is the usual case.</summary>
    public static (ModelRequest Request, Dictionary<string, string>? Back) ForWire(ModelRequest request)
    {
        Dictionary<string, string>? back = null;
        foreach (var tool in request.Tools)
        {
            Note(tool.Name);
        }

        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts)
            {
                switch (part)
                {
                    case ToolCallPart call:
                        Note(call.Name);
                        break;
                    case ToolResultPart result:
                        Note(result.Name);
                        break;
                }
            }
        }

        return back is null ? (request, null) : (Replace(request), back);

        void Note(string name)
        {
            if (!IsValid(name))
            {
                (back ??= [])[Wire(name)] = name;
            }
        }
    }

    internal static bool IsValid(string name)
    {
        if (name.Length is 0 or > Longest || !(char.IsAsciiLetter(name[0]) || name[0] == '_'))
        {
            return false;
        }

        foreach (var character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('_' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    // The hash keeps two names apart that differ only in what is replaced.
    internal static string Wire(string name)
    {
        if (IsValid(name))
        {
            return name;
        }

        var hash = 2166136261u;
        Span<char> kept = stackalloc char[Longest - 10];
        var length = 0;
        foreach (var character in name)
        {
            hash = (hash ^ character) * 16777619u;
            if (length < kept.Length)
            {
                kept[length++] = char.IsAsciiLetterOrDigit(character) || character is '-' ? character : '_';
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"t{kept[..length]}_{hash:x8}");
    }

    private static ModelRequest Replace(ModelRequest request) => request with
    {
        Tools = [.. request.Tools.Select(tool => tool with { Name = Wire(tool.Name) })],
        Messages = [.. request.Messages.Select(message => message with
        {
            Parts = [.. message.Parts.Select(part => part switch
            {
                ToolCallPart call => call with { Name = Wire(call.Name) },
                ToolResultPart result => result with { Name = Wire(result.Name) },
                _ => part,
            })],
        })],
    };
}
