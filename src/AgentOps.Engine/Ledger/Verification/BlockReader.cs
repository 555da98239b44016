namespace AgentOps.Engine.Ledger;

/// <summary>Reads a log in blocks of whole lines and checks several of them at once; gives them in their order.</summary>
internal sealed class BlockReader(LedgerFolder folder, ILedgerFiles files, int parallelism)
{
    /// <summary>What stands after the last line feed of the last segment, in bytes.</summary>
    public long Rest { get; private set; }

    /// <summary>How many segments there are.</summary>
    public int Segments { get; private set; }

    /// <summary>Gives the checked blocks.</summary>
    public IEnumerable<VerifyBlock> Read(CancellationToken cancellationToken)
    {
        var underway = new Queue<Task<VerifyBlock>>();
        foreach (var block in Cut())
        {
            cancellationToken.ThrowIfCancellationRequested();
            underway.Enqueue(Task.Run(
                () =>
                {
                    block.Check();
                    return block;
                },
                cancellationToken));
            if (underway.Count >= parallelism)
            {
                yield return underway.Dequeue().GetAwaiter().GetResult();
            }
        }

        while (underway.TryDequeue(out var task))
        {
            yield return task.GetAwaiter().GetResult();
        }
    }

    private IEnumerable<VerifyBlock> Cut()
    {
        for (; files.Exists(folder.GetSegment(Segments)); Segments++)
        {
            using var file = files.OpenLog(folder.GetSegment(Segments), write: false);
            Rest = 0;
            for (long offset = 0; ;)
            {
                var buffer = new byte[VerifyBlock.BufferLength];
                var filled = 0;
                while (filled < buffer.Length && file.Read(offset + filled, buffer.AsSpan(filled)) is var read and > 0)
                {
                    filled += read;
                }

                var length = buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
                if (length == 0)
                {
                    Rest = filled;
                    break;
                }

                offset += length;
                yield return new VerifyBlock(buffer, Segments) { Length = length };
            }
        }
    }
}
