using System.CommandLine;
using System.Globalization;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Routing.Quality;

namespace AgentOps.Cli.Routing;

/// <summary><c>agentops evaluate-router</c>: what cheapest-capable routing would save on a table of prompts, scores and costs.</summary>
internal static class EvaluateRouterCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "CSV: prompt_id, prompt, model, score, cost and optionally category." };
        var folds = new Option<int>("--folds") { Description = "Folds of the cross-validation.", DefaultValueFactory = _ => 5 };
        var seeds = new Option<int>("--seeds") { Description = "Repetitions with other folds.", DefaultValueFactory = _ => 5 };
        var command = new Command(
            "evaluate-router", "Measures the learned router on a table, beside the zero-router, a category router and the oracle.")
        {
            file, folds, seeds,
        };
        command.SetAction(parsed =>
        {
            try
            {
                var table = QualityTable.Load(parsed.GetValue(file)!);
                Write(table, RouterComparison.Compare(
                    table, Math.Clamp(parsed.GetValue(folds), 2, 20), Math.Clamp(parsed.GetValue(seeds), 1, 20)));
                return 0;
            }
            catch (AgentOpsException exception)
            {
                Console.Error.WriteLine($"agentops evaluate-router: {exception.Message}\n  {exception.Mend}");
                return 1;
            }
        });
        return command;
    }

    private static void Write(QualityTable table, RouterComparison comparison)
    {
        var leftOut = table.LeftOut == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({table.LeftOut} that not every model answered are left out)");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{table.Examples.Count} prompts{leftOut}, {table.Models.Count} models; {comparison.Strongest} is the strongest"));
        Console.WriteLine("router     cost saved at 95 %   [interval]      at 100 %   [interval]      strong calls  AIQ");
        foreach (var report in comparison.Reports)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{report.Router,-10} {Percent(report.Saved95.Value),18} {Interval(report.Saved95)} {Percent(report.Saved100.Value),9} {Interval(report.Saved100)} {Percent(report.StrongCalls95),8}   {report.Aiq,8:0.0000}"));
        }

        var beyond = comparison.Reports[0].BeyondZero;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The learned router saves {100 * beyond.Value:0.0} points more than the zero-router [{100 * beyond.Low:0.0}, {100 * beyond.High:0.0}]."));
        if (comparison.Doubt is { } doubt)
        {
            Console.WriteLine(doubt);
        }
    }

    private static string Interval(Estimate estimate) => $"[{Percent(estimate.Low)},{Percent(estimate.High)}]";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share,6:0.0}%");
}
