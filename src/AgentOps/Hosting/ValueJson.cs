using System.Management.Automation;
using System.Text.Json;

namespace AgentOps.Hosting;

/// <summary>JSON as PowerShell's own values; texts stay texts, and numbers exact.</summary>
internal static class ValueJson
{
    /// <summary>An object as a custom object, a list as an array, a number as a 64-bit whole number, a decimal or, beyond it, a double.</summary>
    public static object? Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => ReadObject(value),
        JsonValueKind.Array => value.EnumerateArray().Select(Read).ToArray(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.TryGetDecimal(out var number) ? number : value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static PSObject ReadObject(JsonElement value)
    {
        var custom = new PSObject();
        foreach (var member in value.EnumerateObject().Where(member => member.Name.Length > 0))
        {
            // A member given twice: the later one, as everywhere else.
            custom.Properties.Remove(member.Name);
            custom.Properties.Add(new PSNoteProperty(member.Name, Read(member.Value)));
        }

        return custom;
    }
}
