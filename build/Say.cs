namespace AgentOps.Build;

/// <summary>Words for the person who watches, on standard error: standard output belongs to results.</summary>
internal static class Say
{
    public static void Step(string text) => Console.Error.WriteLine($"== {text}");

    public static void Note(string text) => Console.Error.WriteLine($"   {text}");

    public static int Failure(string text)
    {
        Console.Error.WriteLine($"FAILED: {text}");
        return 1;
    }
}
