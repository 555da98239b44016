using System.Collections.Concurrent;

namespace AgentOps.Engine.Ledger;

/// <summary>Files that live in this process alone, and end with it.</summary>
internal sealed class MemoryFiles : ILedgerFiles
{
    private readonly ConcurrentDictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _locks = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public bool Exists(string path) => _files.ContainsKey(path);

    /// <inheritdoc/>
    public long? TryGetLength(string path) => _files.TryGetValue(path, out var file) ? file.Length : null;

    /// <inheritdoc/>
    public bool IsOpenToOthers(string path) => false;

    /// <inheritdoc/>
    public void CreateFolder(string path, bool ownerOnly = false)
    {
        // A name is all that a file needs here.
    }

    /// <inheritdoc/>
    public ILogFile OpenLog(string path, bool write) => write
        ? _files.GetOrAdd(path, static _ => new MemoryFile())
        : _files.GetValueOrDefault(path) ?? throw new FileNotFoundException("There is no such file in memory.", path);

    /// <inheritdoc/>
    public IDisposable? TryLock(string path) => _locks.TryAdd(path, 0) ? new Held(_locks, path) : null;

    /// <inheritdoc/>
    public byte[]? TryReadAll(string path) => _files.TryGetValue(path, out var file) ? file.ReadAll() : null;

    /// <inheritdoc/>
    public void Create(string path, ReadOnlySpan<byte> content, Action? written = null)
    {
        Replace(path, content, durable: false);
        written?.Invoke();
    }

    /// <inheritdoc/>
    public void Replace(string path, ReadOnlySpan<byte> content, bool durable, bool ownerOnly = false)
    {
        var file = new MemoryFile();
        file.Write(0, content);
        _files[path] = file;
    }

    /// <inheritdoc/>
    public void Delete(string path) => _files.TryRemove(path, out _);

    private sealed class Held(ConcurrentDictionary<string, byte> locks, string path) : IDisposable
    {
        public void Dispose() => locks.TryRemove(path, out _);
    }

    private sealed class MemoryFile : ILogFile
    {
        private readonly Lock _lock = new();
        private byte[] _bytes = [];
        private int _length;

        public long Length => Volatile.Read(ref _length);

        public int Read(long offset, Span<byte> buffer)
        {
            lock (_lock)
            {
                var count = (int)Math.Clamp(_length - offset, 0, buffer.Length);
                _bytes.AsSpan((int)Math.Min(offset, _length), count).CopyTo(buffer);
                return count;
            }
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            lock (_lock)
            {
                var end = checked((int)(offset + bytes.Length));
                if (end > _bytes.Length)
                {
                    Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(end, 2L * _bytes.Length)));
                }

                bytes.CopyTo(_bytes.AsSpan((int)offset));
                _length = Math.Max(_length, end);
            }
        }

        public void Flush()
        {
            // There is nothing more lasting to flush to.
        }

        public void Cut(long length)
        {
            lock (_lock)
            {
                _length = (int)Math.Min(_length, length);
            }
        }

        public byte[] ReadAll()
        {
            lock (_lock)
            {
                return _bytes[.._length];
            }
        }

        public void Dispose()
        {
            // Another opening of the same name finds the same bytes.
        }
    }
}
