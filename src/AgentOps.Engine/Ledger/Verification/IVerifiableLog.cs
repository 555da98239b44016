namespace AgentOps.Engine.Ledger;

/// <summary>The lines of a ledger, wherever they lie, for its verification.</summary>
internal interface IVerifiableLog
{
    /// <summary>The place of the log.</summary>
    string Location { get; }

    /// <summary>Reads whole lines, in blocks, from the first one on.</summary>
    IEnumerable<VerifyBlock> ReadBlocks();

    /// <summary>Names the line after so many lines of a segment.</summary>
    string Describe(int segment, long lines);

    /// <summary>The tiles of a size, or null where there are none.</summary>
    TileTree? GetTiles(long size);

    /// <summary>The checkpoint that was written beside the log, or null.</summary>
    SignedNote? ReadCheckpoint();
}
