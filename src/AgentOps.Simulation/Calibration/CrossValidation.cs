using AgentOps.Simulation.Latency;

namespace AgentOps.Simulation.Calibration;

/// <summary>Leaves one model family out in turn, fits on the others, and predicts what was left out.</summary>
public static class CrossValidation
{
    /// <summary>Predicts every run by coefficients that no run of its family was fitted on.</summary>
    /// <param name="runs">What was measured.</param>
    /// <param name="others">Further points, see <see cref="CoefficientFit.FitInTwo"/>; those of the family left out are not used.</param>
    /// <param name="prior">The prior's centre.</param>
    /// <param name="seeds">Arrival seeds of each prediction.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A prediction for each run, in their order.</returns>
    public static IReadOnlyList<RunPrediction> LeaveOneFamilyOut(IReadOnlyList<MeasuredRun> runs, IReadOnlyList<MeasuredRun> others, LatencyCoefficients prior, int seeds, CancellationToken cancellationToken = default)
    {
        var predictions = new RunPrediction[runs.Count];
        foreach (var family in runs.Select(run => run.Deployment.Model.Family).Distinct())
        {
            var fitted = CoefficientFit.FitInTwo(
                [.. runs.Where(run => run.Deployment.Model.Family != family)],
                [.. others.Where(run => run.Deployment.Model.Family != family)],
                prior,
                cancellationToken);
            for (var i = 0; i < runs.Count; i++)
            {
                if (runs[i].Deployment.Model.Family == family)
                {
                    predictions[i] = new RunSimulation(runs[i], seeds).Predict(fitted, cancellationToken);
                }
            }
        }

        return predictions;
    }
}
