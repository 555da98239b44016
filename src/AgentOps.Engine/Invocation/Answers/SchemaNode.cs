using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentOps.Engine.Invocation;

/// <summary>One schema, read: what it demands of a value. What it does not speak of is null or empty.</summary>
internal sealed class SchemaNode
{
    /// <summary>For the schema <c>false</c>: nothing fits.</summary>
    public bool IsNever { get; init; }

    /// <summary>What a reference leads to; checked with the rest. Set once all is read, for schemas can hold themselves.</summary>
    public SchemaNode? Reference { get; set; }

    /// <summary>The types that it may be; none for any.</summary>
    public IReadOnlyList<string> Types { get; set; } = [];

    /// <summary>The only values; null for any.</summary>
    public IReadOnlyList<JsonElement>? Values { get; set; }

    public decimal? Minimum { get; set; }

    public decimal? Maximum { get; set; }

    public decimal? AboveMinimum { get; set; }

    public decimal? BelowMaximum { get; set; }

    public decimal? MultipleOf { get; set; }

    public int? MinLength { get; set; }

    public int? MaxLength { get; set; }

    public Regex? Pattern { get; set; }

    public int? MinItems { get; set; }

    public int? MaxItems { get; set; }

    public bool UniqueItems { get; set; }

    public IReadOnlyList<SchemaNode> PrefixItems { get; set; } = [];

    public SchemaNode? Items { get; set; }

    public IReadOnlyDictionary<string, SchemaNode> Properties { get; set; } = new Dictionary<string, SchemaNode>();

    public IReadOnlyList<string> Required { get; set; } = [];

    public SchemaNode? OtherProperties { get; set; }

    public int? MinProperties { get; set; }

    public int? MaxProperties { get; set; }

    public IReadOnlyList<SchemaNode> All { get; set; } = [];

    public IReadOnlyList<SchemaNode> Any { get; set; } = [];

    public IReadOnlyList<SchemaNode> One { get; set; } = [];

    public SchemaNode? Not { get; set; }
}
