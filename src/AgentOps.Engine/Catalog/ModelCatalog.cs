using AgentOps.Engine.Errors;
using AgentOps.Simulation.Models;

namespace AgentOps.Engine.Catalog;

/// <summary>The models that can be simulated, by name or alias.</summary>
public sealed class ModelCatalog
{
    private const string FileName = "models.yaml";
    private readonly Dictionary<string, ModelSpec> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ModelSpec> _models = [];

    private ModelCatalog()
    {
    }

    /// <summary>All models, in the catalog's order.</summary>
    public IReadOnlyList<ModelSpec> Models => _models;

    /// <summary>Reads the built-in catalog and, over it, a user's own.</summary>
    /// <param name="path">A folder or a file named <c>models.yaml</c>; null for none.</param>
    /// <exception cref="AgentOpsException">A file is malformed; says file, line and column.</exception>
    public static ModelCatalog Load(string? path = null)
    {
        var catalog = new ModelCatalog();
        CatalogText.Read(path, FileName, catalog.Read);
        return catalog;
    }

    /// <summary>Finds a model.</summary>
    /// <param name="name">Its name or an alias; case does not matter.</param>
    /// <exception cref="AgentOpsException">There is none of that name; names the nearest.</exception>
    public ModelSpec Find(string name)
    {
        if (_byName.TryGetValue(name, out var model))
        {
            return model;
        }

        // An organisation before the name, or another one than the catalog's, makes no other model.
        var bare = name[(name.LastIndexOf('/') + 1)..];
        foreach (var (known, candidate) in _byName)
        {
            if (bare.Length > 0 && known[(known.LastIndexOf('/') + 1)..].Equals(bare, StringComparison.OrdinalIgnoreCase))
            {
                return candidate;
            }
        }

        var nearest = NearestName.Of(name, _byName.Keys);
        throw new AgentOpsException(
            ErrorCodes.CatalogEntryNotFound,
            $"No catalog has a model '{name}'." + (nearest is null ? "" : $" Did you mean '{nearest}'?"),
            name,
            $"Known models: {string.Join(", ", _models.Select(known => known.Name))}. Add others in a models.yaml of your own.");
    }

    private static ModelSpec Read(CatalogNode node, out IReadOnlyList<string> aliases)
    {
        aliases = node.Texts("aliases");
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

        return model;
    }

    private void Read(string file, TextReader text)
    {
        foreach (var node in CatalogNode.Entries(file, text))
        {
            var model = Read(node, out var aliases);
            if (_byName.TryGetValue(model.Name, out var replaced))
            {
                _models[_models.IndexOf(replaced)] = model;
            }
            else
            {
                _models.Add(model);
            }

            _byName[model.Name] = model;
            foreach (var alias in aliases)
            {
                _byName[alias] = model;
            }
        }
    }
}
