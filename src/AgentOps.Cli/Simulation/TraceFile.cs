using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using AgentOps.Engine.Errors;
using AgentOps.Simulation.Numerics;
using AgentOps.Simulation.Workloads;

namespace AgentOps.Cli.Simulation;

/// <summary>
/// Reads traces: Azure's CSV (TIMESTAMP,ContextTokens,GeneratedTokens), Mooncake's JSON lines (timestamp in ms, input_length,
/// output_length, hash_ids of 512 tokens), and a CSV of our own (arrival_s,prompt_tokens,output_tokens).
/// </summary>
internal sealed class TraceFile
{
    private const int MooncakeBlock = 512;
    private readonly string _path;
    private readonly List<long> _arrivals = [];
    private readonly List<int> _prompts = [];
    private readonly List<int> _outputs = [];
    private readonly PrefixTree _tree = new();
    private readonly Dictionary<long, int> _nodes = [];
    private readonly List<int> _leaves = [];
    private long? _epoch;
    private int _line;

    private TraceFile(string path) => _path = path;

    /// <summary>Reads a trace.</summary>
    /// <param name="path">The file; <c>.gz</c> is unpacked.</param>
    /// <param name="most">The largest number of requests, or null.</param>
    /// <param name="speed">Factor on the arrival rate.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="AgentOpsException">A line is torn; says which.</exception>
    public static RequestSet Read(string path, int? most, double speed, CancellationToken cancellationToken)
    {
        if (!(speed > 0))
        {
            throw new AgentOpsException(ErrorCodes.SimulationInvalid, $"A trace speed of {speed.ToString(CultureInfo.InvariantCulture)} makes no load.", "workload.traceSpeed", "Give a factor above 0; 1 is the trace's own pace.");
        }

        if (!File.Exists(path))
        {
            throw new AgentOpsException(ErrorCodes.SimulationInputInvalid, $"There is no trace at '{path}'.", path, "Give the path of a trace file.");
        }

        var trace = new TraceFile(path);
        using Stream file = File.OpenRead(path);
        using var stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream, Encoding.UTF8, true, 1 << 16);
        trace.ReadLines(reader, most ?? int.MaxValue, cancellationToken);
        return trace.Build(speed);
    }

    private void ReadLines(StreamReader reader, int most, CancellationToken cancellationToken)
    {
        var kind = "";
        while (_arrivals.Count < most && reader.ReadLine() is { } line)
        {
            _line++;
            if ((_line & 0xFFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (line.Length == 0)
            {
                continue;
            }

            if (kind.Length == 0)
            {
                kind = Kind(line);
                if (kind != "mooncake")
                {
                    continue;
                }
            }

            switch (kind)
            {
                case "azure":
                    ReadAzure(line);
                    break;
                case "mooncake":
                    ReadMooncake(line);
                    break;
                default:
                    ReadOwn(line);
                    break;
            }
        }
    }

    private string Kind(string header) => header switch
    {
        _ when header.StartsWith('{') => "mooncake",
        _ when header.StartsWith("TIMESTAMP,ContextTokens,GeneratedTokens", StringComparison.OrdinalIgnoreCase) => "azure",
        _ when header.StartsWith("arrival_s,prompt_tokens,output_tokens", StringComparison.OrdinalIgnoreCase) => "own",
        _ => throw Torn("This is no trace that is known.", "Begin with 'TIMESTAMP,ContextTokens,GeneratedTokens' (Azure), 'arrival_s,prompt_tokens,output_tokens', or JSON lines with timestamp, input_length and output_length (Mooncake)."),
    };

    private void ReadAzure(string line)
    {
        var first = line.IndexOf(',', StringComparison.Ordinal);
        if (first < 0 || !DateTime.TryParse(line.AsSpan(0, first), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            throw Torn("The time is not one such as 2023-11-16 18:15:46.6805900.");
        }

        // Picoseconds since the year 1 would not fit: count from the first line's day.
        _epoch ??= time.Date.Ticks - TimeSpan.TicksPerDay;
        var ticks = time.Ticks - _epoch.Value;
        if (ticks is < 0 or > 90 * TimeSpan.TicksPerDay)
        {
            throw Torn("The time is more than 90 days from the trace's first.");
        }

        Add(ticks * 100_000, line.AsSpan(first + 1));
    }

    private void ReadOwn(string line)
    {
        var first = line.IndexOf(',', StringComparison.Ordinal);
        if (first < 0 || !double.TryParse(line.AsSpan(0, first), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || !(seconds >= 0) || seconds > 90 * 86_400)
        {
            throw Torn("The arrival is not a number of seconds of 0 or more.");
        }

        Add(SimulationTime.FromSeconds(seconds), line.AsSpan(first + 1));
    }

    private void Add(long arrival, ReadOnlySpan<char> lengths)
    {
        var comma = lengths.IndexOf(',');
        if (comma < 0
            || !int.TryParse(lengths[..comma], NumberStyles.None, CultureInfo.InvariantCulture, out var prompt)
            || !int.TryParse(lengths[(comma + 1)..].TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var output))
        {
            throw Torn("After the time there must be two whole numbers: prompt and output tokens.");
        }

        Add(arrival, prompt, output);
    }

    private void Add(long arrival, int prompt, int output)
    {
        _arrivals.Add(arrival);
        _prompts.Add(Math.Max(1, prompt));
        _outputs.Add(Math.Max(1, output));
    }

    private void ReadMooncake(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var prompt = root.GetProperty("input_length").GetInt32();
            var time = root.GetProperty("timestamp").GetDouble();
            if (prompt < 0 || !(time >= 0) || time > 90.0 * 86_400_000)
            {
                throw Torn("Times and lengths must be 0 or more.");
            }

            Add((long)(time * SimulationTime.Millisecond), prompt, root.GetProperty("output_length").GetInt32());
            _leaves.Add(root.TryGetProperty("hash_ids", out var hashes) ? Leaf(hashes, prompt) : -1);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Torn("The line is not whole: " + exception.Message);
        }
    }

    private int Leaf(JsonElement hashes, int prompt)
    {
        var node = -1;
        foreach (var element in hashes.EnumerateArray())
        {
            // The last block is as long as the prompt leaves it, and is shared with nobody unless it is full.
            if (_tree.End(node) + MooncakeBlock > prompt)
            {
                break;
            }

            var hash = element.GetInt64();
            if (!_nodes.TryGetValue(hash, out var child) || _tree.Parent(child) != node)
            {
                child = _tree.Add(node, MooncakeBlock);
                _nodes[hash] = child;
            }

            node = child;
        }

        return node;
    }

    private RequestSet Build(double speed)
    {
        if (_arrivals.Count == 0)
        {
            throw Torn("The trace has no request.");
        }

        var order = new int[_arrivals.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        var begin = _arrivals.Min();
        var times = new long[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            times[i] = (long)((_arrivals[i] - begin) / speed);
        }

        // A stable sort, so that equal times keep the file's order.
        Array.Sort(order, (a, b) => times[a] != times[b] ? times[a].CompareTo(times[b]) : a.CompareTo(b));
        return new RequestSet([.. order.Select(i => times[i])], [.. order.Select(i => _prompts[i])], [.. order.Select(i => _outputs[i])])
        {
            Prefixes = _leaves.Count > 0 ? _tree : null,
            PrefixLeaves = _leaves.Count > 0 ? [.. order.Select(i => _leaves[i])] : null,
        };
    }

    private AgentOpsException Torn(string message, string? mend = null)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{_path}:{Math.Max(1, _line)}");
        return new AgentOpsException(ErrorCodes.SimulationInputInvalid, $"{place}: {message}", place, mend ?? "Mend or remove the line.");
    }
}
