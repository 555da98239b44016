namespace AgentOps.Engine.Configuration;

/// <summary>A place in a configuration file.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
public readonly record struct YamlLocation(string File, int Line, int Column) : IComparable<YamlLocation>
{
    /// <inheritdoc/>
    public int CompareTo(YamlLocation other)
    {
        var byFile = string.CompareOrdinal(File, other.File);
        if (byFile != 0)
        {
            return byFile;
        }

        return Line != other.Line ? Line.CompareTo(other.Line) : Column.CompareTo(other.Column);
    }

    /// <summary>Whether the left place comes first.</summary>
    public static bool operator <(YamlLocation left, YamlLocation right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left place comes last.</summary>
    public static bool operator >(YamlLocation left, YamlLocation right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left place does not come after.</summary>
    public static bool operator <=(YamlLocation left, YamlLocation right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left place does not come before.</summary>
    public static bool operator >=(YamlLocation left, YamlLocation right) => left.CompareTo(right) >= 0;

    /// <summary>file:line:column, as editors and compilers write it.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");
}
