using System.Globalization;
using System.Text;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Routing.Quality;

/// <summary>Prompts, models, scores and costs: what a router is learned from and measured on.</summary>
/// <param name="Models">The models.</param>
/// <param name="Examples">The prompts that every model answered.</param>
/// <param name="LeftOut">How many prompts were left out, because not every model answered them.</param>
public sealed record QualityTable(IReadOnlyList<string> Models, IReadOnlyList<QualityExample> Examples, int LeftOut = 0)
{
    private const int MostShown = 12;
    private const int LongestShown = 40;

    private static readonly string[] Needed = ["prompt_id", "prompt", "model", "score", "cost"];

    private PromptFeatures[]? _features;

    /// <summary>What a prediction sees of each prompt; worked out when first asked for.</summary>
    internal IReadOnlyList<PromptFeatures> Features => _features ??= [.. Examples.Select(example => PromptFeatures.Of(example.Prompt))];

    /// <summary>Reads a file as <see cref="Read"/> does.</summary>
    /// <exception cref="AgentOpsException">It is not there, or no such table; says the line.</exception>
    public static QualityTable Load(string file)
    {
        if (!File.Exists(file))
        {
            throw new AgentOpsException(ErrorCodes.PathNotFound, $"The file '{file}' does not exist.", file);
        }

        using var reader = new StreamReader(file, Encoding.UTF8);
        return Read(reader, file);
    }

    /// <summary>
    /// Reads CSV with the columns <c>prompt_id, prompt, model, score, cost</c> and optionally <c>category</c>, in any order. A prompt is
    /// its id and its text together; where a model answered it more than once, its mean counts. Prompts that not every model
    /// answered are left out.
    /// </summary>
    /// <exception cref="AgentOpsException">A column is missing, or a score or cost is no number or below 0; says the line.</exception>
    public static QualityTable Read(TextReader reader, string file)
    {
        using var rows = Csv.Read(reader).GetEnumerator();
        if (!rows.MoveNext())
        {
            throw Invalid(file, 1, "the file is empty");
        }

        var columns = Needed.Select(name => rows.Current.Cells.FindIndex(
            cell => string.Equals(cell.Trim(), name, StringComparison.OrdinalIgnoreCase))).ToArray();
        if (Array.IndexOf(columns, -1) is var missing and >= 0)
        {
            throw Invalid(file, 1, $"the column '{Needed[missing]}' is missing; needed: {string.Join(", ", Needed)}; found: {string.Join(", ", rows.Current.Cells.Take(MostShown).Select(Shown))}");
        }

        var category = rows.Current.Cells.FindIndex(cell => string.Equals(cell.Trim(), "category", StringComparison.OrdinalIgnoreCase));
        var models = new List<string>();
        var prompts = new Dictionary<(string Id, string Prompt), Gathered>();
        while (rows.MoveNext())
        {
            var (line, cells) = rows.Current;
            if (cells.Count <= columns.Max())
            {
                throw Invalid(file, line, "the row is too short");
            }

            var name = cells[columns[2]];
            if (string.IsNullOrWhiteSpace(name))
            {
                throw Invalid(file, line, "the model is empty");
            }

            var model = models.IndexOf(name);
            if (model < 0)
            {
                model = models.Count;
                models.Add(name);
            }

            var key = (cells[columns[0]], cells[columns[1]]);
            if (!prompts.TryGetValue(key, out var prompt))
            {
                prompt = new Gathered(cells[columns[1]], category >= 0 && category < cells.Count ? cells[category] : null);
                prompts[key] = prompt;
            }

            prompt.Add(model, Number(file, line, "score", cells[columns[3]]), Number(file, line, "cost", cells[columns[4]]));
        }

        var examples = prompts.Values
            .Where(prompt => prompt.Results.Count == models.Count)
            .Select(prompt => new QualityExample(
                prompt.Prompt,
                prompt.Category,
                [.. Enumerable.Range(0, models.Count).Select(model => prompt.Results[model].Score / prompt.Results[model].Count)],
                [.. Enumerable.Range(0, models.Count).Select(model => prompt.Results[model].Cost / prompt.Results[model].Count)]))
            .ToArray();
        return examples.Length > 0 && models.Count > 1
            ? new QualityTable(models, examples, prompts.Count - examples.Length)
            : throw Invalid(file, 1, "there are no prompts that at least two models answered");
    }

    /// <summary>The rows of any CSV, quoted cells and line breaks within them understood.</summary>
    public static IEnumerable<IReadOnlyList<string>> ReadRows(TextReader reader) => Csv.Read(reader).Select(row => row.Cells);

    private static string Shown(string text) => text.Length <= LongestShown ? text : text[..LongestShown] + "…";

    private static double Number(string file, int line, string column, string text)
    {
        if (bool.TryParse(text, out var flag))
        {
            return flag ? 1 : 0;
        }

        return !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) ? throw Invalid(file, line, $"the {column} '{Shown(text)}' is no number")
            : number < 0 ? throw Invalid(file, line, $"the {column} {Shown(text)} is below 0")
            : number;
    }

    private static AgentOpsException Invalid(string file, int line, string what) => new(
        ErrorCodes.QualityTableInvalid, string.Create(CultureInfo.InvariantCulture, $"{file}:{line}: {what}."), file);

    private sealed record Gathered(string Prompt, string? Category)
    {
        /// <summary>Of each model the sums over its answers.</summary>
        public Dictionary<int, (double Score, double Cost, int Count)> Results { get; } = [];

        public void Add(int model, double score, double cost)
        {
            var before = Results.GetValueOrDefault(model);
            Results[model] = (before.Score + score, before.Cost + cost, before.Count + 1);
        }
    }
}
