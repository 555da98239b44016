using AgentOps.Engine.Errors;

namespace AgentOps.Cli.Hosting;

/// <summary>Turns what a command throws into a message with its mend and an exit code; no stack trace reaches a user.</summary>
internal static class CommandGuard
{
    public static async Task<int> RunAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (AgentOpsException fault)
        {
            Console.Error.WriteLine($"error {fault.Code.Id}: {fault.Message}");
            Console.Error.WriteLine($"  {fault.Mend}");
            return ExitCodes.Of(fault.Code);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped.");
            return ExitCodes.No;
        }
        catch (Exception fault)
        {
            Console.Error.WriteLine($"error {ErrorCodes.InternalError.Id}: {fault.GetType().Name}: {fault.Message}");
            Console.Error.WriteLine($"  {ErrorCodes.InternalError.Mend}");
            return ExitCodes.Internal;
        }
    }
}
