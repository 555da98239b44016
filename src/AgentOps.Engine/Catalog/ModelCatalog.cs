using AgentOps.Engine.Errors;
using AgentOps.Simulation.Models;

namespace AgentOps.Engine.Catalog;

/// <summary>The models that can be simulated, by name or alias.</summary>
public sealed class ModelCatalog
{
    private readonly CatalogEntries<ModelSpec> _entries = new(model => model.Name, "a model", "models.yaml");

    private ModelCatalog(string? path) => _entries.Load(path, Read);

    /// <summary>All models, in the catalog's order.</summary>
    public IReadOnlyList<ModelSpec> Models => _entries.All;

    /// <summary>Reads the built-in catalog and, over it, a user's own.</summary>
    /// <param name="path">A folder or a file named <c>models.yaml</c>; null for none.</param>
    /// <exception cref="AgentOpsException">A file is malformed; says file, line and column.</exception>
    public static ModelCatalog Load(string? path = null) => new(path);

    /// <summary>Finds a model.</summary>
    /// <param name="name">Its name or an alias; case does not matter.</param>
    /// <exception cref="AgentOpsException">There is none of that name; names the nearest.</exception>
    public ModelSpec Find(string name)
    {
        if (_entries.ByName.TryGetValue(name, out var model))
        {
            return model;
        }

        // An organisation before the name, or another one than the catalog's, makes no other model.
        var bare = name[(name.LastIndexOf('/') + 1)..];
        foreach (var (known, candidate) in _entries.ByName)
        {
            if (bare.Length > 0 && known[(known.LastIndexOf('/') + 1)..].Equals(bare, StringComparison.OrdinalIgnoreCase))
            {
                return candidate;
            }
        }

        throw _entries.NotFound(name);
    }

    private static (ModelSpec Entry, IReadOnlyList<string> Aliases) Read(CatalogNode node)
    {
        var aliases = node.Texts("aliases");
        ExpertSpec? experts = null;
        if (node.Child("experts") is { } child)
        {
            var width = child.Integer("intermediate");
            experts = new ExpertSpec(
                child.Integer("count"),
                child.Integer("active"),
                child.Integer("shared", 0),
                width,
                child.Integer("shared-intermediate", width),
                child.Integer("dense-layers", 0),
                child.Number("cross-exchange", 0));
            child.RefuseUnknown();
        }

        var model = new ModelSpec
        {
            Name = node.Text("name"),
            Family = node.Text("family"),
            Layers = node.Integer("layers"),
            HiddenSize = node.Integer("hidden"),
            Heads = node.Integer("heads"),
            KeyValueHeads = node.Integer("kv-heads"),
            HeadSize = node.Integer("head-size"),
            IntermediateSize = node.Integer("intermediate"),
            VocabularySize = node.Integer("vocabulary"),
            TiedEmbeddings = node.Flag("tied"),
            LatentSize = node.Integer("latent", 0),
            QueryLatentSize = node.Integer("query-latent", 0),
            AttentionWindow = node.Integer("window", 0),
            WindowedLayers = node.Integer("windowed-layers", 0),
            Experts = experts,
            Precision = node.Choice("precision", Precision.Half, PrecisionNames.All),
            ExpertPrecision = node.OptionalText("expert-precision") is null ? null : node.Choice("expert-precision", Precision.Half, PrecisionNames.All),
            NucleusSampling = node.Flag("nucleus-sampling"),
            MaximumContext = node.Integer("context", 0),
            Source = node.Text("source"),
        };
        node.RefuseUnknown();
        if (model.Layers < 1 || model.HiddenSize < 1 || model.Heads < 1 || model.KeyValueHeads < 1 || model.HeadSize < 1)
        {
            throw new AgentOpsException(ErrorCodes.CatalogInvalid, $"{node.Place}: layers, hidden, heads, kv-heads and head-size must be 1 or more.", node.Place);
        }

        if (experts is not null && (experts.Count < 1 || experts.Active < 1 || experts.Active > experts.Count))
        {
            throw new AgentOpsException(ErrorCodes.CatalogInvalid, $"{node.Place}: a token can't use {experts.Active} of {experts.Count} experts.", node.Place);
        }

        return (model, aliases);
    }
}
