using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>
/// Tells what a prompt is about from a lexicon of terms and shapes: no model, no training data, the same for every culture and in
/// every process. A word that the lexicon does not know says nothing, so that text in other languages is mostly general.
/// </summary>
/// <remarks>
/// A domain's evidence is the sum of the weights of its different terms in the text: 3 for a strong one, 1 for another. The probability of
/// a domain is proportional to <c>exp(evidence) − 1</c>, that of the general domain to <c>exp(2 + ln(1 + words / 100)) − 1</c>:
/// without evidence a prompt is general for certain, one strong term or three others outweigh that in a short prompt, and a long one, which
/// comes across terms by chance, takes more.
/// </remarks>
public sealed class DomainClassifier
{
    private const double GeneralEvidence = 2;
    private const double WordsPerChance = 100;
    private const int MostEvidence = 30;

    // A prompt says what it wants at its beginning or its end; what lies between is mostly material.
    private const int LongestHead = 6144;
    private const int LongestTail = 2048;

    private readonly DomainLexicon _lexicon;

    internal DomainClassifier(DomainLexicon lexicon) => _lexicon = lexicon;

    /// <summary>Reads the built-in lexicon, or a user's own in its place.</summary>
    /// <param name="path">A folder, or a file named <c>domains.yaml</c>; null for none.</param>
    /// <exception cref="Errors.AgentOpsException"><c>CatalogInvalid</c>; says file, line and column.</exception>
    public static DomainClassifier Load(string? path = null) => new(DomainLexicon.Load(path));

    /// <summary>What a text is about.</summary>
    public DomainEstimate Classify(string text) => Classify(text, string.Empty);

    /// <summary>What a conversation is about: its first message by the user, which states the goal, and its last.</summary>
    public DomainEstimate Classify(ModelRequest request)
    {
        Message? first = null;
        Message? last = null;
        foreach (var message in request.Messages)
        {
            if (message.Role == MessageRole.User)
            {
                first ??= message;
                last = message;
            }
        }

        return Classify(first?.TextContent ?? string.Empty, ReferenceEquals(first, last) ? string.Empty : last!.TextContent);
    }

    private DomainEstimate Classify(string goal, string latest)
    {
        Span<int> evidence = stackalloc int[PromptDomains.Names.Count];
        Span<ulong> seen = new ulong[(_lexicon.Count + 63) / 64];
        evidence.Clear();
        var scan = new PromptScan(_lexicon, evidence, seen);
        Read(ref scan, goal);
        Read(ref scan, latest);

        var probabilities = new double[evidence.Length];
        var sum = 0.0;
        for (var domain = 0; domain < probabilities.Length; domain++)
        {
            probabilities[domain] = domain == (int)PromptDomain.General
                ? Math.Exp(GeneralEvidence + Math.Log(1 + (scan.Words / WordsPerChance))) - 1
                : evidence[domain] == 0 ? 0 : Math.Exp(Math.Min(MostEvidence, evidence[domain])) - 1;
            sum += probabilities[domain];
        }

        for (var domain = 0; domain < probabilities.Length; domain++)
        {
            probabilities[domain] /= sum;
        }

        return new DomainEstimate(probabilities);
    }

    private static void Read(ref PromptScan scan, string text)
    {
        if (text.Length <= LongestHead + LongestTail)
        {
            scan.Read(text);
            return;
        }

        scan.Read(text.AsSpan(0, LongestHead));
        scan.Read(text.AsSpan(text.Length - LongestTail));
    }
}
