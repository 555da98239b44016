using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Telemetry;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Ledger.Worker;

/// <summary>A runner of a session in a process of its own: says each event's kind, or the id of the error that ended it.</summary>
internal static class SessionWorker
{
    public static async Task<int> RunAsync(string verb, string folder, string name)
    {
        if (verb == "telemetry")
        {
            TelemetryExport.StartIfAsked();
        }

        await using var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = folder, HostName = "worker" }, CancellationToken.None);
        var events = verb is "invoke" or "telemetry"
            ? workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = name, Prompt = "go" }, CancellationToken.None)
            : workspace.Invoker.ResumeAsync(name, noWait: false, CancellationToken.None);
        try
        {
            await foreach (var item in events)
            {
                Console.WriteLine($"{item.Kind} {item.Session}");
            }

            if (verb == "telemetry")
            {
                var isLoaded = AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name!.StartsWith("OpenTelemetry", StringComparison.Ordinal));
                Console.WriteLine($"loaded: {(isLoaded ? "yes" : "no")}");
            }

            return 0;
        }
        catch (AgentOpsException fault)
        {
            Console.WriteLine(fault.Code.Id);
            return 1;
        }
    }
}
