using System.Globalization;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Ledger;

/// <summary>Counts events and sums their "n".</summary>
internal sealed class CountingProjection : ILedgerProjection
{
    public long Count { get; private set; }

    public long Sum { get; private set; }

    public List<string> Unknown { get; } = [];

    public void Apply(LedgerRecord record)
    {
        Count++;
        Sum += record.Data.TryGetProperty("n", out var n) ? n.GetInt64() : 0;
    }

    public bool Knows(string type, int version) => type.StartsWith("test.", StringComparison.Ordinal) && version == 1 && !Unknown.Contains(type);

    public void Save(Stream stream)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"{Count} {Sum}"));
    }

    public void Load(Stream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        var parts = reader.ReadToEnd().Split(' ');
        Count = long.Parse(parts[0], CultureInfo.InvariantCulture);
        Sum = long.Parse(parts[1], CultureInfo.InvariantCulture);
    }

    public void Reset() => Count = Sum = 0;
}
