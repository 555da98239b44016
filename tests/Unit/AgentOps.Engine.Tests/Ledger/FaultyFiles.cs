using System.Collections.Concurrent;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Ledger;

/// <summary>The real disk, whose n-th changing operation goes wrong.</summary>
internal sealed class FaultyFiles(int failAt, FaultMode mode) : ILedgerFiles
{
    private readonly DiskFiles _disk = new();
    private readonly ConcurrentBag<IDisposable> _open = [];
    private int _operations;
    private volatile bool _isDead;

    public int Operations => _operations;

    public FaultMode Mode => mode;

    public bool HasStruck => _operations >= failAt;

    public bool Exists(string path) => Live(() => _disk.Exists(path));

    public long? TryGetLength(string path) => Live(() => _disk.TryGetLength(path));

    public bool IsOpenToOthers(string path) => Live(() => _disk.IsOpenToOthers(path));

    public void CreateFolder(string path, bool ownerOnly = false) => Live(() =>
    {
        _disk.CreateFolder(path, ownerOnly);
        return true;
    });

    public ILogFile OpenLog(string path, bool write)
    {
        var file = Live(() => new FaultyLogFile(_disk.OpenLog(path, write), this));
        _open.Add(file);
        return file;
    }

    public IDisposable? TryLock(string path)
    {
        var held = Live(() => _disk.TryLock(path));
        if (held is not null)
        {
            _open.Add(held);
        }

        return held;
    }

    public byte[]? TryReadAll(string path) => Live(() => _disk.TryReadAll(path));

    public void Create(string path, ReadOnlySpan<byte> content, Action? written = null)
    {
        var bytes = content.ToArray();
        Change(() => _disk.Create(path, bytes, written), () => File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]));
    }

    public void Replace(string path, ReadOnlySpan<byte> content, bool durable, bool ownerOnly = false)
    {
        var bytes = content.ToArray();
        Change(() => _disk.Replace(path, bytes, durable, ownerOnly), () => File.WriteAllBytes(path + ".new", bytes[..(bytes.Length / 2)]));
    }

    public void Delete(string path) => Change(() => _disk.Delete(path), () => { });

    /// <summary>What the system does when a process ends: it closes its files and gives up its locks.</summary>
    public void End()
    {
        _isDead = true;
        foreach (var handle in _open)
        {
            handle.Dispose();
        }
    }

    private T Live<T>(Func<T> operation) => _isDead ? throw new CrashException() : operation();

    private void Change(Action operation, Action half)
    {
        Live(() => true);
        var number = Interlocked.Increment(ref _operations);
        if (number < failAt || (number > failAt && mode is FaultMode.Fails) || (number > failAt + 2 && mode is FaultMode.DiskFull))
        {
            operation();
            return;
        }

        switch (mode)
        {
            case FaultMode.DiskFull:
                half();
                throw new IOException("No space left on device", 28);
            case FaultMode.Fails:
                throw new IOException("Input/output error", 5);
            case FaultMode.CrashAfter:
                operation();
                break;
            case FaultMode.CrashWithin or FaultMode.CrashWithZeros:
                half();
                break;
            default:
                break;
        }

        _isDead = true;
        throw new CrashException();
    }

    private sealed class FaultyLogFile(ILogFile inner, FaultyFiles owner) : ILogFile
    {
        public long Length => owner.Live(() => inner.Length);

        public int Read(long offset, Span<byte> buffer)
        {
            owner.Live(() => true);
            return inner.Read(offset, buffer);
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            var copy = bytes.ToArray();
            owner.Change(() => inner.Write(offset, copy), () =>
            {
                var half = copy.AsSpan(0, copy.Length / 2).ToArray();
                if (owner.Mode == FaultMode.CrashWithZeros)
                {
                    inner.Write(offset, [.. half, .. new byte[copy.Length - half.Length]]);
                }
                else
                {
                    inner.Write(offset, half);
                }
            });
        }

        public void Flush() => owner.Change(inner.Flush, () => { });

        public void Cut(long length) => owner.Change(() => inner.Cut(length), () => { });

        public void Dispose() => inner.Dispose();
    }
}
