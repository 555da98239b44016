using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation.Host;
using System.Text.Json;

namespace AgentOps.Hosting;

/// <summary>Asks the person at the host for the fields of a form.</summary>
internal static class QuestionPrompt
{
    /// <summary>The fields as the person filled them in; null where nobody sits at the host.</summary>
    /// <param name="host">The host, on the pipeline thread.</param>
    /// <param name="agent">Who asks.</param>
    /// <param name="arguments">The call's arguments, as JSON, with the question.</param>
    /// <param name="form">The JSON Schema of the answer.</param>
    public static Hashtable? Ask(PSHost host, string agent, string arguments, string form)
    {
        using var schema = JsonDocument.Parse(form);
        using var call = JsonDocument.Parse(arguments);
        var question = call.RootElement.TryGetProperty("Question", out var text) ? text.GetString() : null;
        var required = schema.RootElement.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToArray() : [];
        var fields = new Collection<FieldDescription>();
        foreach (var property in schema.RootElement.GetProperty("properties").EnumerateObject())
        {
            var field = new FieldDescription(property.Name) { IsMandatory = required.Contains(property.Name), HelpMessage = Word(property.Value, "description") ?? string.Empty };
            field.SetParameterType(Word(property.Value, "type") switch
            {
                "integer" => typeof(long),
                "boolean" => typeof(bool),
                _ => typeof(string),
            });
            fields.Add(field);
        }

        try
        {
            // Refused where the input is no console, so that nothing waits for a person who is not there.
            _ = host.UI.RawUI.KeyAvailable;
            var answers = host.UI.Prompt($"The agent {agent} asks", question ?? string.Empty, fields);
            var table = new Hashtable(StringComparer.Ordinal);
            foreach (var (name, value) in answers.Where(answer => answer.Value is not null))
            {
                table[name] = value.BaseObject;
            }

            return table;
        }
        catch (Exception exception) when (exception is HostException or InvalidOperationException or NotImplementedException)
        {
            return null;
        }
    }

    private static string? Word(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
