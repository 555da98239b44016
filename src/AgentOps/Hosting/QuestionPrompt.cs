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
    /// <param name="problem">Why the answer before was not taken; empty the first time.</param>
    public static Hashtable? Ask(PSHost host, string agent, string arguments, string form, string problem)
    {
        using var schema = JsonDocument.Parse(form);
        using var call = JsonDocument.Parse(arguments);
        var question = call.RootElement.TryGetProperty("Question", out var text) ? text.GetString() : null;
        var required = schema.RootElement.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToArray() : [];
        var fields = new Collection<FieldDescription>();
        var lines = new List<string> { question ?? string.Empty };
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
            lines.Add($"  {property.Name}: {Describe(property.Value, field.IsMandatory)}");
        }

        try
        {
            // Refused where the input is no console, so that nothing waits for a person who is not there.
            _ = host.UI.RawUI.KeyAvailable;
            var answers = host.UI.Prompt($"The agent {agent} asks", string.Join(Environment.NewLine, problem.Length > 0 ? lines.Append(problem) : lines), fields);
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

    // What a person has to know to fill a field in: its kind, its choices and bounds, and whether it may be left empty.
    private static string Describe(JsonElement property, bool isMandatory)
    {
        var parts = new List<string> { property.TryGetProperty("enum", out var choices) ? string.Join(", ", choices.EnumerateArray()) : Word(property, "type") ?? "string" };
        foreach (var (keyword, word) in new[] { ("minimum", "at least"), ("maximum", "at most"), ("pattern", "like") })
        {
            if (property.TryGetProperty(keyword, out var bound))
            {
                parts.Add($"{word} {bound}");
            }
        }

        parts.AddRange(isMandatory ? [] : ["may be empty"]);
        parts.AddRange(Word(property, "description") is { } description ? [description] : []);
        return string.Join("; ", parts);
    }

    private static string? Word(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
