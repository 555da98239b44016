using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Catalog;

/// <summary>The entries of a catalog, in its order, each found by its name and its aliases; an entry of a later file replaces one of its name.</summary>
/// <typeparam name="T">An entry.</typeparam>
/// <param name="nameOf">Gives its name.</param>
/// <param name="what">What an entry is, with its article, as an error says it.</param>
/// <param name="fileName">The name of a file of them.</param>
internal sealed class CatalogEntries<T>(Func<T, string> nameOf, string what, string fileName)
    where T : class
{
    private readonly Dictionary<string, T> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<T> _all = [];

    /// <summary>All of them.</summary>
    public IReadOnlyList<T> All => _all;

    /// <summary>Every name and alias, with what it stands for.</summary>
    public IReadOnlyDictionary<string, T> ByName => _byName;

    /// <summary>Reads the built-in catalog and, over it, a user's own.</summary>
    /// <param name="path">A folder, or a file; null for none.</param>
    /// <param name="read">Reads one entry, and its aliases.</param>
    /// <exception cref="AgentOpsException">A file is malformed; says file, line and column.</exception>
    public CatalogEntries<T> Load(string? path, Func<CatalogNode, (T Entry, IReadOnlyList<string> Aliases)> read)
    {
        CatalogText.Read(path, fileName, (file, text) =>
        {
            foreach (var node in CatalogNode.Entries(file, text))
            {
                var (entry, aliases) = read(node);
                Add(entry, aliases);
            }
        });
        return this;
    }

    /// <summary>The error where there is none of a name; it names the nearest.</summary>
    public AgentOpsException NotFound(string name)
    {
        var nearest = NearestName.Of(name, _byName.Keys);
        return new AgentOpsException(
            ErrorCodes.CatalogEntryNotFound,
            $"No catalog has {what} '{name}'." + (nearest is null ? "" : $" Did you mean '{nearest}'?"),
            name,
            $"Known: {string.Join(", ", _all.Select(nameOf))}. Add others in a file {fileName} of your own.");
    }

    private void Add(T entry, IReadOnlyList<string> aliases)
    {
        var name = nameOf(entry);
        if (_byName.TryGetValue(name, out var replaced))
        {
            _all[_all.IndexOf(replaced)] = entry;
            foreach (var known in _byName.Where(pair => ReferenceEquals(pair.Value, replaced)).Select(pair => pair.Key).ToArray())
            {
                _byName[known] = entry;
            }
        }
        else
        {
            _all.Add(entry);
        }

        _byName[name] = entry;
        foreach (var alias in aliases)
        {
            _byName[alias] = entry;
        }
    }
}
