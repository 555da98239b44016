namespace AgentOps.Build;

/// <summary>How many tests passed, failed and were skipped.</summary>
internal sealed record TestCounts(int Passed, int Failed, int Skipped)
{
    public static TestCounts None { get; } = new(0, 0, 0);

    public int Total => Passed + Failed + Skipped;

    public static TestCounts operator +(TestCounts left, TestCounts right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped);

    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
