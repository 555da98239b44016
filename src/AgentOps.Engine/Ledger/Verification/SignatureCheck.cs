namespace AgentOps.Engine.Ledger;

/// <summary>Checks the signatures of many commit lines beside the hashing, and keeps the first one that does not hold.</summary>
internal sealed class SignatureCheck
{
    private const int ChunkLength = 256;
    private readonly List<Task> _tasks = [];
    private readonly object _gate = new();
    private List<(CommitLine Commit, VerifierKey Key, LogPosition Place)> _chunk = [];

    /// <summary>The first commit line whose signature does not hold.</summary>
    public (CommitLine Commit, LogPosition Place)? First { get; private set; }

    /// <summary>Checks a commit line soon.</summary>
    public void Add(CommitLine commit, VerifierKey key, LogPosition place)
    {
        _chunk.Add((commit, key, place));
        if (_chunk.Count == ChunkLength)
        {
            Send();
        }
    }

    /// <summary>Waits until all are checked.</summary>
    public void Finish()
    {
        Send();
        Task.WaitAll([.. _tasks]);
    }

    private void Send()
    {
        var work = _chunk;
        _chunk = [];
        _tasks.RemoveAll(task => task.IsCompletedSuccessfully);
        _tasks.Add(Task.Run(() => Check(work)));
    }

    private void Check(List<(CommitLine Commit, VerifierKey Key, LogPosition Place)> work)
    {
        VerifierKey? own = null;
        foreach (var (commit, key, place) in work)
        {
            if (own is null || !own.Equals(key))
            {
                own?.Dispose();
                own = VerifierKey.Create(key.Name, key.PublicKey.Span);
            }

            if (commit.IsSignedBy(own))
            {
                continue;
            }

            lock (_gate)
            {
                if (First is null || First.Value.Commit.Size > commit.Size)
                {
                    First = (commit, place);
                }
            }

            break;
        }

        own?.Dispose();
    }
}
