using System.CommandLine;
using AgentOps.Protocol;

namespace AgentOps.Cli.Hosting;

/// <summary><c>agentops version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Says which version this is and which protocol it speaks.");
        command.SetAction(_ =>
        {
            Console.Out.WriteLine($"agentops {CommandHost.Version}, protocol {ProtocolVersion.Current}");
            return ExitCode.Done;
        });
        return command;
    }
}
