using System.Text.Json;

namespace AgentOps.Engine.Permissions;

/// <summary>Texts out of JSON, refusing what is no Unicode text (lone surrogates).</summary>
internal static class JsonText
{
    public static bool TryName(JsonProperty member, out string name)
    {
        try
        {
            name = member.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = "";
            return false;
        }
    }

    public static bool TryText(JsonElement element, out string text)
    {
        try
        {
            text = element.GetString() ?? "";
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }
}
