using System.Globalization;
using AgentOps.Simulation.Serving;

namespace AgentOps.Simulation;

/// <summary>Refuses what can't be simulated, before anything runs.</summary>
public static class ScenarioValidation
{
    /// <summary>Checks a scenario and settles its scheduler's defaults.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <returns>The scheduler's options with the number of KV blocks filled in.</returns>
    /// <exception cref="SimulationInputException">Something is wrong; says what, where and what would do.</exception>
    public static SchedulerOptions Check(Scenario scenario)
    {
        var deployment = scenario.Deployment;
        var model = deployment.Model;
        var scheduler = scenario.Scheduler;
        AtLeast("tensorParallel", deployment.TensorParallel, 1);
        AtLeast("pipelineParallel", deployment.PipelineParallel, 1);
        AtLeast("dataParallel", deployment.DataParallel, 1);
        AtLeast("replicas", scenario.Replicas, 1);
        AtLeast("scheduler.maxNumSeqs", scheduler.MaximumSequences, 1);
        AtMost("scheduler.maxNumSeqs", scheduler.MaximumSequences, 65_535);
        AtLeast("scheduler.maxNumBatchedTokens", scheduler.MaximumStepTokens, 1);
        AtMost("scheduler.maxNumBatchedTokens", scheduler.MaximumStepTokens, 1_048_576);
        AtLeast("scheduler.blockSize", scheduler.BlockSize, 1);
        AtLeast("concurrency", scenario.Concurrency, 0);
        AtLeast("prefillReplicas", scenario.PrefillReplicas, 0);
        if (scenario.PrefillReplicas > 0 && scenario.PrefillReplicas >= scenario.Replicas)
        {
            throw new SimulationInputException("prefillReplicas", Text($"{scenario.PrefillReplicas} of {scenario.Replicas} replicas compute prompts, and none is left to decode."), "Give more replicas in all than replicas for prompts.");
        }

        if (scenario is { PrefillReplicas: > 0, Autoscale: not null })
        {
            throw new SimulationInputException("autoscale", "A disaggregated deployment can't scale by itself here.", "Use one or the other.");
        }

        if (scenario.Autoscale is { } autoscale && (autoscale.Minimum < 1 || !(autoscale.TargetLoad > 0) || autoscale.StartDelay < TimeSpan.Zero))
        {
            throw new SimulationInputException("autoscale", "Autoscaling needs a minimum of 1 or more, a target load above 0 and a start delay that is not negative.", "Mend the setting.");
        }

        if (deployment.MemoryUtilization is not (> 0 and <= 1))
        {
            throw new SimulationInputException("memoryUtilization", Text($"Memory utilization {deployment.MemoryUtilization} is not within 0 and 1."), "Give a share such as 0.9.");
        }

        if (scheduler.AcceptanceRate is not (>= 0 and <= 1))
        {
            throw new SimulationInputException("scheduler.acceptanceRate", Text($"An acceptance rate of {scheduler.AcceptanceRate} is not within 0 and 1."), "Give the probability that a drafted token is accepted, for example 0.7.");
        }

        if (scheduler.MaximumStepTokens < scheduler.MaximumSequences * (1 + scheduler.SpeculativeTokens))
        {
            throw new SimulationInputException("scheduler.maxNumBatchedTokens",
                Text($"A step of {scheduler.MaximumStepTokens} tokens can't hold {scheduler.MaximumSequences} sequences of {1 + scheduler.SpeculativeTokens} tokens each."),
                "Raise maxNumBatchedTokens or lower maxNumSeqs.");
        }

        if (model.Heads % deployment.TensorParallel != 0)
        {
            throw new SimulationInputException("tensorParallel",
                Text($"{model.Name} has {model.Heads} attention heads, which {deployment.TensorParallel} devices can't share evenly."),
                "Use a number of devices that divides the heads.");
        }

        if (scenario.Requests.Count == 0)
        {
            throw new SimulationInputException("workload", "The load has no request.", "Give a rate and a duration, a number of requests, or a trace with lines in it.");
        }

        var blocks = scheduler.KeyValueBlocks ?? deployment.KeyValueBlocks(scheduler.BlockSize, scheduler.MaximumStepTokens);
        if (blocks < 1)
        {
            throw new SimulationInputException("model", DoesNotFit(deployment), WhatWouldFit(deployment, scheduler));
        }

        return scheduler with { KeyValueBlocks = blocks };
    }

    private static string DoesNotFit(Models.Deployment deployment) => Text(
        $"{deployment.Model.Name} does not fit: its weights take {deployment.WeightBytesPerDevice / 1e9:0.0} GB on each of {deployment.Devices} × {deployment.Accelerator.Name}, which offer {deployment.Accelerator.MemoryBytes * deployment.MemoryUtilization / 1e9:0.0} GB each with no room left for a KV cache.");

    private static string WhatWouldFit(Models.Deployment deployment, SchedulerOptions scheduler)
    {
        for (var devices = deployment.TensorParallel * 2; devices <= 1024 && deployment.Model.Heads % devices == 0; devices *= 2)
        {
            if ((deployment with { TensorParallel = devices }).KeyValueBlocks(scheduler.BlockSize, scheduler.MaximumStepTokens) >= 1)
            {
                return Text($"It fits with a tensor parallelism of {devices} on the same accelerator; or choose one with more memory, or a narrower precision.");
            }
        }

        return "Choose an accelerator with more memory, more pipeline stages, or a narrower precision.";
    }

    private static void AtLeast(string target, int value, int least)
    {
        if (value < least)
        {
            throw new SimulationInputException(target, Text($"{target} is {value}."), Text($"Give {least} or more."));
        }
    }

    private static void AtMost(string target, int value, int most)
    {
        if (value > most)
        {
            throw new SimulationInputException(target, Text($"{target} is {value}."), Text($"Give {most} or less."));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
