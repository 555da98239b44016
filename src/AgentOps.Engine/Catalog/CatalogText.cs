using System.Reflection;
using System.Text;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Catalog;

/// <summary>Opens the catalogs that are built in, and a user's own.</summary>
internal static class CatalogText
{
    /// <summary>Reads a built-in catalog and, over it, the user's own.</summary>
    /// <param name="path">A file or folder, or null.</param>
    /// <param name="name">For example <c>models.yaml</c>.</param>
    /// <param name="read">Takes in one file: its name, and its text.</param>
    public static void Read(string? path, string name, Action<string, TextReader> read)
    {
        using (var text = BuiltIn(name))
        {
            read(name, text);
        }

        using var own = Own(path, name, out var file);
        if (own is not null)
        {
            read(file, own);
        }
    }

    /// <summary>Opens a built-in catalog.</summary>
    /// <param name="name">For example <c>models.yaml</c>.</param>
    public static TextReader BuiltIn(string name)
    {
        var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("catalog/" + name)
            ?? throw new InvalidOperationException($"The catalog '{name}' is not in the assembly.");
        return new StreamReader(stream, Encoding.UTF8);
    }

    /// <summary>Opens the user's catalog of a kind: the file itself, or the file of that name in the folder; null where there is none.</summary>
    /// <param name="path">A file or folder, or null.</param>
    /// <param name="name">For example <c>models.yaml</c>.</param>
    /// <param name="file">The file that was opened.</param>
    public static TextReader? Own(string? path, string name, out string file)
    {
        file = "";
        if (path is null)
        {
            return null;
        }

        file = Directory.Exists(path) ? Path.Combine(path, name) : path;
        if (!Directory.Exists(path) && Path.GetFileName(path) != name)
        {
            return File.Exists(path)
                ? null
                : throw new AgentOpsException(ErrorCodes.CatalogInvalid, $"There is no catalog at '{path}'.", path, $"Give a folder, or a file named {name}.");
        }

        return File.Exists(file) ? new StreamReader(file, Encoding.UTF8) : null;
    }
}
