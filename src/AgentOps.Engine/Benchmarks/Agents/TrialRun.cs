using AgentOps.Engine.Benchmarks.Agents.Simulation;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>Runs one trial of one task: a session of the real engine, in a world of its own.</summary>
internal sealed class TrialRun(AgentSuite suite, Workspace workspace, WorldExecutor worlds, TaskModel model, IReadOnlySet<string> acting, TimeProvider time)
{
    public async Task<TrialSample> RunAsync(AgentTask task, int trial, CancellationToken cancellationToken)
    {
        var key = FormattableString.Invariant($"{suite.Name}/{task.Id}#{trial}");
        var world = TaskWorlds.Create(suite.World, task.State);
        var before = world.Snapshot();
        var money = world.Money;
        var started = time.GetTimestamp();
        var calls = new List<SessionEvent>();
        InvocationResult? result = null;
        AgentOpsException? fault = null;
        worlds.Open(key, world);
        model.Learn(key, TaskWorlds.Plan(suite, task));
        try
        {
            await foreach (var item in workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = suite.Agent, Prompt = task.Goal, Task = key }, cancellationToken))
            {
                if (item.Kind is SessionEventKind.ToolStarted or SessionEventKind.ToolRefused)
                {
                    calls.Add(item);
                }

                result = item.Result ?? result;
            }
        }
        catch (AgentOpsException exception)
        {
            fault = exception;
        }
        finally
        {
            worlds.Close(key);
            model.Forget(key);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var after = world.Snapshot();
        var review = TrialReview.Of(suite.World, task, calls);
        var failed = task.Allowed.Where(check => !check.Holds(before, after)).Select(check => $"not allowed: {check}")
            .Concat(task.Forbidden.Where(check => check.Holds(before, after)).Select(check => $"forbidden: {check}"))
            .ToArray();
        return new TrialSample
        {
            Task = task.Id,
            Trial = trial,
            IsFeasible = task.IsFeasible,
            IsAttacked = task.IsAttacked,
            IsSuccess = fault is null && failed.Length == 0,
            IsInfrastructureError = fault is not null || result?.Status is SessionStatus.Failed or null,
            Status = fault?.Message ?? result?.Status.ToString() ?? "no result",
            Failed = failed,
            Attempted = review.Attempted,
            Executed = review.Executed,
            Refusals = calls.Count(call => call.Kind == SessionEventKind.ToolRefused),
            ToolCalls = calls.Count(call => call.Kind == SessionEventKind.ToolStarted),
            Steps = result?.Steps ?? 0,
            Cost = result?.Cost ?? 0,
            Loss = review.Loss,
            IsMoneyConserved = world.Money == money,
            Duration = time.GetElapsedTime(started),
            Session = result?.Session ?? calls.FirstOrDefault()?.Session,
            Effects = calls.Where(call => call.Kind == SessionEventKind.ToolStarted && acting.Contains(call.Tool!)).Select(call => call.Sequence!.Value).ToArray(),
        };
    }
}
