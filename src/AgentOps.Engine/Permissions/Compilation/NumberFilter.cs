namespace AgentOps.Engine.Permissions;

/// <summary>
/// Which rules take a number: the bounds of all rules cut the line into points and gaps, each with its own bits, found by
/// binary search.
/// </summary>
internal sealed class NumberFilter
{
    private readonly decimal[] _bounds;
    private readonly ulong[][] _bits;

    public NumberFilter(CompiledArgument?[] tested, int words, Func<ArgumentMatcher, (decimal? Min, decimal? Max)?> range)
    {
        var ranges = tested.Select(argument => argument is null ? null : range(argument.Matcher)).ToArray();
        _bounds = [.. ranges.SelectMany(one => one is { } pair ? new[] { pair.Min, pair.Max } : []).OfType<decimal>().Distinct().Order()];

        // Place 2i+1 is the bound i itself; place 2i is the gap before it, and the last place the gap after all.
        _bits = new ulong[(_bounds.Length * 2) + 1][];
        for (var place = 0; place < _bits.Length; place++)
        {
            _bits[place] = new ulong[words];
        }

        for (var i = 0; i < ranges.Length; i++)
        {
            if (ranges[i] is not { } pair)
            {
                continue;
            }

            var from = pair.Min is { } min ? (Array.BinarySearch(_bounds, min) * 2) + 1 : 0;
            var to = pair.Max is { } max ? (Array.BinarySearch(_bounds, max) * 2) + 1 : _bits.Length - 1;
            for (var place = from; place <= to; place++)
            {
                _bits[place][i / 64] |= 1UL << (i % 64);
            }
        }
    }

    public ulong[] Find(decimal number)
    {
        var low = 0;
        var high = _bounds.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var order = decimal.Compare(_bounds[middle], number);
            if (order == 0)
            {
                return _bits[(middle * 2) + 1];
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return _bits[low * 2];
    }
}
