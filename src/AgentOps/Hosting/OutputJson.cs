using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text;
using System.Text.Json;

namespace AgentOps.Hosting;

/// <summary>
/// A command's output as JSON for a model: of each object the properties that PowerShell itself shows first, bounded in depth,
/// in items and in bytes. One object stands alone; several make a list.
/// </summary>
internal static class OutputJson
{
    private const int Deepest = 3;
    private const int MostItems = 1_000;
    private const int MostProperties = 64;

    // What a provider adds to its items, for PowerShell itself.
    private static readonly HashSet<string> ProviderProperties = new(StringComparer.Ordinal) { "PSPath", "PSParentPath", "PSChildName", "PSDrive", "PSProvider", "PSIsContainer" };

    /// <summary>Writes it; objects whose properties are scripts are read in the runspace that they come from.</summary>
    public static (string Json, bool IsTruncated) Write(IList<PSObject> output, Runspace runspace, int maxBytes)
    {
        var before = Runspace.DefaultRunspace;
        Runspace.DefaultRunspace = runspace;
        try
        {
            var buffer = new MemoryStream();
            var isCut = false;
            using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                if (output.Count == 1)
                {
                    WriteValue(writer, output[0], 0);
                }
                else
                {
                    isCut = WriteList(writer, output, maxBytes);
                }
            }

            return Cut(buffer, maxBytes, isCut);
        }
        finally
        {
            Runspace.DefaultRunspace = before;
        }
    }

    private static (string Json, bool IsTruncated) Cut(MemoryStream buffer, int maxBytes, bool isCut)
    {
        var bytes = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
        if (bytes.Length <= maxBytes)
        {
            return (Encoding.UTF8.GetString(bytes), isCut);
        }

        var end = maxBytes;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return (Encoding.UTF8.GetString(bytes[..end]), true);
    }

    private static bool WriteList(Utf8JsonWriter writer, IEnumerable<PSObject> output, int maxBytes)
    {
        var count = 0;
        writer.WriteStartArray();
        foreach (var item in output)
        {
            if (count++ == MostItems || writer.BytesCommitted + writer.BytesPending > maxBytes)
            {
                writer.WriteEndArray();
                return true;
            }

            WriteValue(writer, item, 0);
        }

        writer.WriteEndArray();
        return false;
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value, int depth)
    {
        var plain = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        switch (plain)
        {
            case null:
                writer.WriteNullValue();
                break;
            case PSObject custom when depth < Deepest:
                WriteObject(writer, custom, depth);
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case decimal or sbyte or byte or short or ushort or int or uint or long or ulong:
                writer.WriteNumberValue(Convert.ToDecimal(plain, CultureInfo.InvariantCulture));
                break;
            case double or float when double.IsFinite(Convert.ToDouble(plain, CultureInfo.InvariantCulture)):
                writer.WriteNumberValue(Convert.ToDouble(plain, CultureInfo.InvariantCulture));
                break;
            case DateTime time:
                writer.WriteStringValue(time.ToUniversalTime());
                break;
            case DateTimeOffset time:
                writer.WriteStringValue(time.ToUniversalTime());
                break;
            case Enum or char or Guid or TimeSpan or Uri or Version or Type or IFormattable:
                writer.WriteStringValue(Convert.ToString(plain, CultureInfo.InvariantCulture));
                break;
            case var _ when depth >= Deepest:
                writer.WriteStringValue(Convert.ToString(plain, CultureInfo.InvariantCulture));
                break;
            case IDictionary table:
                WriteTable(writer, table, depth);
                break;
            case IEnumerable items:
                WriteItems(writer, items, depth);
                break;
            case var _ when depth == 0:
                WriteObject(writer, value as PSObject ?? PSObject.AsPSObject(plain), depth);
                break;
            default:
                // An object within an object is told by its name; a model needs no parent's parent.
                writer.WriteStringValue(Convert.ToString(plain, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteTable(Utf8JsonWriter writer, IDictionary table, int depth)
    {
        writer.WriteStartObject();
        foreach (var entry in table.Cast<DictionaryEntry>().Take(MostProperties))
        {
            writer.WritePropertyName(Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? string.Empty);
            WriteValue(writer, entry.Value, depth + 1);
        }

        writer.WriteEndObject();
    }

    private static void WriteItems(Utf8JsonWriter writer, IEnumerable items, int depth)
    {
        writer.WriteStartArray();
        foreach (var item in items.Cast<object?>().Take(MostItems))
        {
            WriteValue(writer, item, depth + 1);
        }

        writer.WriteEndArray();
    }

    private static void WriteObject(Utf8JsonWriter writer, PSObject value, int depth)
    {
        var shown = Shown(value);
        writer.WriteStartObject();
        foreach (var property in value.Properties
            .Where(property => property.IsGettable && !ProviderProperties.Contains(property.Name) && (shown.Count == 0 || shown.Contains(property.Name)))
            .Take(MostProperties))
        {
            writer.WritePropertyName(property.Name);
            WriteValue(writer, Read(property), depth + 1);
        }

        writer.WriteEndObject();
    }

    private static HashSet<string> Shown(PSObject value)
    {
        var standard = value.Members["PSStandardMembers"]?.Value as PSMemberSet;
        return (standard?.Members["DefaultDisplayPropertySet"]?.Value as PSPropertySet ?? standard?.Members["DefaultDisplayPropertySet"] as PSPropertySet)
            is { } set
            ? new HashSet<string>(set.ReferencedPropertyNames, StringComparer.OrdinalIgnoreCase)
            : [];
    }

    private static object? Read(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (RuntimeException)
        {
            // A property that can't be read on this object, as of a process that has ended, has no value.
            return null;
        }
    }
}
