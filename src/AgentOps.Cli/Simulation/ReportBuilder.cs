using AgentOps.Engine.Catalog;
using AgentOps.Protocol.Simulation;
using AgentOps.Simulation;
using AgentOps.Simulation.Costs;
using AgentOps.Simulation.Results;

namespace AgentOps.Cli.Simulation;

/// <summary>Writes a result as the protocol has it.</summary>
internal static class ReportBuilder
{
    public static SimulationReport Build(SimulationRequest request, Scenario scenario, SimulationOutcome outcome)
    {
        var result = outcome.Summarize();
        var deployment = scenario.Deployment;
        var cost = CostModel.Of(scenario, result, request.PricePerHour);
        var objective = request.Objective is { } promise ? Objective.Of(promise) : null;
        var share = objective?.ShareKept(outcome);
        var source = request.PricePerHour is not null
            ? "given"
            : $"{deployment.Accelerator.PriceSource}, {deployment.Accelerator.PriceDate:yyyy-MM-dd}";
        return new SimulationReport
        {
            Model = deployment.Model.Name,
            Accelerator = deployment.Accelerator.Name,
            Devices = deployment.Devices * scenario.Replicas,
            TensorParallel = deployment.TensorParallel,
            Replicas = scenario.Replicas,
            PeakReplicas = result.PeakReplicas,
            ReplicaHours = result.ReplicaHours,
            Precision = deployment.Weights.Name(),
            Completed = result.Completed,
            Refused = result.Refused,
            DurationSeconds = result.Duration.TotalSeconds,
            Ttft = Of(result.TimeToFirstToken),
            Tpot = Of(result.TimePerOutputToken),
            E2e = Of(result.EndToEnd),
            Queueing = Of(result.Queueing),
            PromptTokens = result.PromptTokens,
            OutputTokens = result.OutputTokens,
            RequestsPerSecond = result.RequestsPerSecond,
            OutputTokensPerSecond = result.OutputTokensPerSecond,
            GoodputPerSecond = share * (result.Completed + result.Refused) / Math.Max(1e-9, result.Duration.TotalSeconds),
            ObjectiveShare = share,
            ObjectiveMet = objective is null ? null : share >= objective.Share,
            PrefixHitRate = result.PrefixHitRate,
            HostHitRate = result.HostHitRate,
            Preemptions = result.Preemptions,
            MeanBatch = result.MeanBatch,
            PeakBatch = result.PeakBatch,
            KvBlocks = result.KeyValueBlocks,
            KvUse = result.MeanKeyValueUse,
            PeakKvUse = result.PeakKeyValueUse,
            Utilization = result.Utilization,
            Saturated = result.Saturated,
            Steps = result.Steps,
            Cost = cost is { PerHour: { } perHour }
                ? new CostReport(perHour, cost.Total!.Value, cost.PerMillionInput!.Value, cost.PerMillionOutput!.Value, cost.PerRequest!.Value, PerTask(request, cost.PerRequest.Value), CreditHours(request, cost, result), source)
                : null,
            EnergyWattHours = cost.WattHours,
            WattHoursPerMillionTokens = cost.WattHoursPerMillionTokens,
            Series = result.TimeSeries is null ? null : [.. result.TimeSeries.Select(point => new SeriesPoint(point.Time.TotalSeconds, point.Running, point.Waiting, point.KeyValueUse, point.OutputTokensPerSecond))],
        };
    }

    // A task that fails costs as much as one that succeeds.
    private static decimal? PerTask(SimulationRequest request, decimal perRequest) => request switch
    {
        { TaskSuccess: not (> 0 and <= 1) } => throw new SimulationInputException("taskSuccess", "The share of tasks that succeed is not within 0 and 1.", "Give a share such as 0.9."),
        { CallsPerTask: not (> 0 and < 1e9) } => throw new SimulationInputException("callsPerTask", "A task takes at least one call.", "Give 1 or more."),
        { CallsPerTask: 1, TaskSuccess: 1 } => null,
        _ => perRequest * (decimal)request.CallsPerTask / (decimal)request.TaskSuccess,
    };

    private static double? CreditHours(SimulationRequest request, CostSummary cost, SimulationResult result) =>
        request.Credit is { } credit && cost.Total is > 0 and var total
            ? (double)(credit / total) * result.Duration.TotalHours
            : null;

    public static DistributionReport Of(Distribution times) => new(times.Mean, times.P50, times.P90, times.P95, times.P99, times.Maximum);
}
