namespace AgentOps.Cli.Quickstart;

/// <summary>A temporary file that is removed when it is disposed.</summary>
internal sealed class UnpackedFile(string path) : IDisposable
{
    /// <summary>Its full path.</summary>
    public string Path => path;

    public void Dispose() => File.Delete(path);
}
