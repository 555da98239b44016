namespace AgentOps.Simulation.Calibration;

/// <summary>Absolute percentage errors of one metric over several runs.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Runs">Runs that measured it.</param>
/// <param name="Mean">Mean error in percent.</param>
/// <param name="Median">Median error in percent.</param>
public sealed record RunScore(Metric Metric, int Runs, double Mean, double Median)
{
    /// <summary>Error of one figure in percent, above 0 where the simulation is too slow.</summary>
    /// <param name="simulated">The simulated figure.</param>
    /// <param name="measured">The measured one.</param>
    public static double Error(double simulated, double measured) => 100 * ((simulated / measured) - 1);

    /// <summary>Scores all metrics that any run measured.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="predictions">Their predictions, in the same order.</param>
    public static IReadOnlyList<RunScore> Of(IReadOnlyList<MeasuredRun> runs, IReadOnlyList<RunPrediction> predictions)
    {
        var scores = new List<RunScore>();
        foreach (var metric in Enum.GetValues<Metric>())
        {
            var errors = new List<double>();
            for (var i = 0; i < runs.Count; i++)
            {
                if (runs[i].Measured.TryGetValue(metric, out var measured) && measured > 0)
                {
                    errors.Add(Math.Abs(Error(predictions[i].Whole[metric], measured)));
                }
            }

            if (errors.Count > 0)
            {
                errors.Sort();
                var middle = errors.Count / 2;
                var median = errors.Count % 2 == 1 ? errors[middle] : (errors[middle - 1] + errors[middle]) / 2;
                scores.Add(new RunScore(metric, errors.Count, errors.Average(), median));
            }
        }

        return scores;
    }
}
