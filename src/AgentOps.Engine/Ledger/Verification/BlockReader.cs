namespace AgentOps.Engine.Ledger;

/// <summary>Checks several blocks of a log at once; gives them in their order.</summary>
internal sealed class BlockReader(IVerifiableLog log, int parallelism)
{
    /// <summary>How many blocks there were.</summary>
    public int Blocks { get; private set; }

    /// <summary>Gives the checked blocks.</summary>
    public IEnumerable<VerifyBlock> Read(CancellationToken cancellationToken)
    {
        var underway = new Queue<Task<VerifyBlock>>();
        foreach (var block in log.ReadBlocks())
        {
            Blocks++;
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
}
