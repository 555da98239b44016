using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentOps.Engine.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace AgentOps.Engine.Tests.Ledger;

public sealed class MerkleTests
{
    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void Roots_are_those_of_the_test_vectors_of_certificate_transparency(int size, string root)
    {
        string[] leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
        var tree = new MerkleFrontier();
        foreach (var leaf in leaves[..size])
        {
            tree.Append(MerkleHash.Leaf(Convert.FromHexString(leaf)));
        }

        Assert.Equal(root, Convert.ToHexStringLower(tree.Root.Read()));
    }

    [Fact]
    public void The_frontier_gives_the_root_of_the_naive_tree() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[][]>(),
        leaves =>
        {
            var lines = leaves.Select(leaf => leaf ?? []).ToArray();
            var tree = new MerkleFrontier();
            foreach (var line in lines)
            {
                tree.Append(MerkleHash.Leaf(line));
            }

            return tree.Root.Read().SequenceEqual(NaiveRoot(lines));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_proof_of_every_small_tree_holds_and_no_other()
    {
        var lines = Enumerable.Range(0, 70).Select(i => Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture))).ToArray();
        for (var size = 1; size <= lines.Length; size++)
        {
            var root = MerkleHash.From(NaiveRoot(lines.AsSpan(0, size)));
            for (var leaf = 0; leaf < size; leaf++)
            {
                var path = MerkleProof.GetInclusion(leaf, size, Node);
                var hash = MerkleHash.Leaf(lines[leaf]);
                Assert.True(MerkleProof.VerifyInclusion(leaf, size, hash, path, root));
                Assert.False(MerkleProof.VerifyInclusion(leaf, size, MerkleHash.Leaf("x"u8), path, root));
                Assert.False(leaf + 1 < size && MerkleProof.VerifyInclusion(leaf + 1, size, hash, path, root));
            }

            for (var old = 0; old <= size; old++)
            {
                var oldRoot = MerkleHash.From(NaiveRoot(lines.AsSpan(0, old)));
                var path = MerkleProof.GetConsistency(old, size, Node);
                Assert.True(MerkleProof.VerifyConsistency(old, size, oldRoot, root, path));
                Assert.False(old > 0 && MerkleProof.VerifyConsistency(old, size, MerkleHash.Leaf("x"u8), root, path));
                Assert.False(old > 0 && old < size && MerkleProof.VerifyConsistency(old, size, oldRoot, MerkleHash.Leaf("x"u8), path));
            }
        }

        MerkleHash Node(int level, long index) =>
            MerkleHash.From(NaiveRoot(lines.AsSpan((int)(index << level), 1 << level)));
    }

    /// <summary>RFC 6962, section 2.1, word for word.</summary>
    private static byte[] NaiveRoot(ReadOnlySpan<byte[]> leaves)
    {
        switch (leaves.Length)
        {
            case 0:
                return SHA256.HashData([]);
            case 1:
                return SHA256.HashData([0, .. leaves[0]]);
            default:
                var split = 1;
                while (split * 2 < leaves.Length)
                {
                    split *= 2;
                }

                return SHA256.HashData([1, .. NaiveRoot(leaves[..split]), .. NaiveRoot(leaves[split..])]);
        }
    }
}
