using System.Globalization;
using System.Text;
using AgentOps.Engine.Ledger;

namespace AgentOps.Ledger.Worker;

/// <summary>Sums the "n" of every event.</summary>
internal sealed class SumProjection : ILedgerProjection
{
    /// <summary>The sum.</summary>
    public long Sum { get; private set; }

    /// <inheritdoc/>
    public void Apply(LedgerRecord record) => Sum += record.Data.GetProperty("n").GetInt64();

    /// <inheritdoc/>
    public bool Knows(string type, int version) => type == "test.counted" && version == 1;

    /// <inheritdoc/>
    public void Save(Stream stream) => stream.Write(Encoding.ASCII.GetBytes(Sum.ToString(CultureInfo.InvariantCulture)));

    /// <inheritdoc/>
    public void Load(Stream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        Sum = long.Parse(reader.ReadToEnd(), CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public void Reset() => Sum = 0;
}
