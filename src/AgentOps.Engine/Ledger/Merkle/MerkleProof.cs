using System.Numerics;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// Proofs of RFC 9162, section 2.1: that a leaf is in a tree, and that a tree continues another one. The hash of a
/// perfect subtree (level, index) is asked for; it covers 2^level leaves from index × 2^level on.
/// </summary>
internal static class MerkleProof
{
    /// <summary>The root of the leaves from <paramref name="start"/> up to <paramref name="end"/>; start is a multiple of the largest power of two below their number.</summary>
    public static MerkleHash GetRange(long start, long end, Func<int, long, MerkleHash> node)
    {
        var width = end - start;
        if (BitOperations.IsPow2(width))
        {
            var level = BitOperations.Log2((ulong)width);
            return node(level, start >> level);
        }

        var split = Split(width);
        return MerkleHash.Node(GetRange(start, start + split, node), GetRange(start + split, end, node));
    }

    /// <summary>The path from a leaf to the root of a tree, from below.</summary>
    public static List<MerkleHash> GetInclusion(long leaf, long size, Func<int, long, MerkleHash> node)
    {
        var path = new List<MerkleHash>();
        AddInclusion(leaf, 0, size, node, path);
        return path;
    }

    /// <summary>The hashes that show that a tree continues an older one.</summary>
    public static List<MerkleHash> GetConsistency(long oldSize, long size, Func<int, long, MerkleHash> node)
    {
        var path = new List<MerkleHash>();
        if (oldSize > 0 && oldSize < size)
        {
            AddConsistency(oldSize, 0, size, isWhole: true, node, path);
        }

        return path;
    }

    /// <summary>Tells whether a path leads from a leaf to a root (RFC 9162, section 2.1.3.2).</summary>
    public static bool VerifyInclusion(long leaf, long size, in MerkleHash leafHash, IReadOnlyList<MerkleHash> path, in MerkleHash root)
    {
        if (leaf < 0 || leaf >= size)
        {
            return false;
        }

        var (fn, sn, hash) = (leaf, size - 1, leafHash);
        foreach (var step in path)
        {
            if (sn == 0)
            {
                return false;
            }

            if ((fn & 1) == 1 || fn == sn)
            {
                hash = MerkleHash.Node(step, hash);
                while ((fn & 1) == 0 && fn != 0)
                {
                    fn >>= 1;
                    sn >>= 1;
                }
            }
            else
            {
                hash = MerkleHash.Node(hash, step);
            }

            fn >>= 1;
            sn >>= 1;
        }

        return sn == 0 && hash.Equals(root);
    }

    /// <summary>Tells whether a tree continues an older one (RFC 9162, section 2.1.4.2).</summary>
    public static bool VerifyConsistency(long oldSize, long size, in MerkleHash oldRoot, in MerkleHash root, IReadOnlyList<MerkleHash> path)
    {
        if (oldSize > size || oldSize < 0)
        {
            return false;
        }

        if (oldSize == size || oldSize == 0)
        {
            return path.Count == 0 && (oldSize == 0 || oldRoot.Equals(root));
        }

        var steps = new Queue<MerkleHash>(path);
        if (BitOperations.IsPow2(oldSize))
        {
            steps = new Queue<MerkleHash>([oldRoot, .. path]);
        }

        if (steps.Count == 0)
        {
            return false;
        }

        var (fn, sn) = (oldSize - 1, size - 1);
        while ((fn & 1) == 1)
        {
            fn >>= 1;
            sn >>= 1;
        }

        var (older, newer) = (steps.Peek(), steps.Dequeue());
        foreach (var step in steps)
        {
            if (sn == 0)
            {
                return false;
            }

            if ((fn & 1) == 1 || fn == sn)
            {
                older = MerkleHash.Node(step, older);
                newer = MerkleHash.Node(step, newer);
                while ((fn & 1) == 0 && fn != 0)
                {
                    fn >>= 1;
                    sn >>= 1;
                }
            }
            else
            {
                newer = MerkleHash.Node(newer, step);
            }

            fn >>= 1;
            sn >>= 1;
        }

        return sn == 0 && older.Equals(oldRoot) && newer.Equals(root);
    }

    private static void AddInclusion(long leaf, long start, long end, Func<int, long, MerkleHash> node, List<MerkleHash> path)
    {
        if (end - start <= 1)
        {
            return;
        }

        var middle = start + Split(end - start);
        if (leaf < middle)
        {
            AddInclusion(leaf, start, middle, node, path);
            path.Add(GetRange(middle, end, node));
        }
        else
        {
            AddInclusion(leaf, middle, end, node, path);
            path.Add(GetRange(start, middle, node));
        }
    }

    private static void AddConsistency(long oldEnd, long start, long end, bool isWhole, Func<int, long, MerkleHash> node, List<MerkleHash> path)
    {
        if (oldEnd == end)
        {
            if (!isWhole)
            {
                path.Add(GetRange(start, end, node));
            }

            return;
        }

        var middle = start + Split(end - start);
        if (oldEnd <= middle)
        {
            AddConsistency(oldEnd, start, middle, isWhole, node, path);
            path.Add(GetRange(middle, end, node));
        }
        else
        {
            AddConsistency(oldEnd, middle, end, isWhole: false, node, path);
            path.Add(GetRange(start, middle, node));
        }
    }

    // The largest power of two below the width.
    private static long Split(long width) => 1L << BitOperations.Log2((ulong)(width - 1));
}
