using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AgentOps.Cli.Hosting;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Workspaces;
using AgentOps.Protocol;
using AgentOps.Protocol.Ledger;

namespace AgentOps.Cli.Ledger;

/// <summary><c>agentops verify</c>: checks every line and every signature of a ledger, without opening its workspace and without its private key.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder")
        {
            Description = "The folder of the workspace. Default: AGENTOPS_HOME, else the platform's data folder.",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => WorkspaceOptions.DefaultStore(),
        };
        var key = new Option<string?>("--verifier-key") { Description = "The verifier key that you pinned, name+keyid+base64, or a file with it." };
        var anchor = new Option<string?>("--anchor") { Description = "A file with a checkpoint that you kept elsewhere: the ledger must continue it." };
        var cosigner = new Option<string[]>("--cosigner-key") { Description = "The verifier key of a second signer, or a file with it: it must have signed the anchor.", DefaultValueFactory = _ => [] };
        var last = new Option<bool>("--last-signature") { Description = "Checks the newest signature alone, which covers every record, and not those before it." };
        var command = new Command("verify", "Verifies a ledger: every record, root and signature.") { folder, key, anchor, cosigner, last };
        var hosting = new HostingOptions(command);
        command.SetAction((parsed, cancellationToken) => CommandHost.RunAsync(
            parsed,
            hosting,
            (context, token) => RunAsync(
                context,
                parsed.GetValue(folder)!,
                new LedgerVerificationOptions
                {
                    VerifierKey = ReadText(parsed.GetValue(key)),
                    Anchor = parsed.GetValue(anchor) is { } path ? File.ReadAllText(path) : null,
                    Cosigners = [.. parsed.GetValue(cosigner)!.Select(text => ReadText(text)!)],
                    EverySignature = !parsed.GetValue(last),
                    Progress = context.Lines is null ? null : new LineProgress(context),
                },
                token),
            cancellationToken));
        return command;
    }

    private static string? ReadText(string? keyOrFile) => keyOrFile is not null && File.Exists(keyOrFile) ? File.ReadAllText(keyOrFile).Trim() : keyOrFile;

    private static async Task<int> RunAsync(CommandContext context, string folder, LedgerVerificationOptions options, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var found = await FileLedgerStore.VerifyFolderAsync(folder, options, cancellationToken);
        var report = new VerificationReport(
            found.IsWhole, found.Size, found.Root, found.Origin, found.VerifierKey, found.IsPinned, found.IsAnchored, found.Commits, found.From, found.To,
            Stopwatch.GetElapsedTime(started).TotalSeconds,
            [.. found.Faults.Select(fault => new VerificationFault(fault.Line, fault.Sequence, fault.What, fault.Since))]);
        switch (context.Format)
        {
            case OutputFormat.Jsonl:
                context.Lines!.Write(report, LedgerJson.Default.VerificationReport);
                break;
            case OutputFormat.Json:
                context.Out.WriteLine(JsonSerializer.Serialize(report, LedgerJson.Default.VerificationReport));
                break;
            default:
                Print(context.Out, report);
                break;
        }

        return report.Whole ? ExitCode.Done : ExitCode.No;
    }

    private static void Print(TextWriter output, VerificationReport report)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(report.Whole ? "whole" : "NOT WHOLE")}: {report.Size:N0} records, {report.Commits:N0} commit lines, in {report.Seconds:0.00} s"));
        output.WriteLine($"  origin    {report.Origin}");
        output.WriteLine($"  root      {report.Root}");
        output.WriteLine($"  key       {report.VerifierKey}{(report.Pinned ? " (as pinned)" : "")}");
        if (report.Whole && !report.Pinned)
        {
            output.WriteLine("            not pinned: a ledger rewritten with another key would look as whole; keep this key elsewhere and give it with --verifier-key");
        }

        if (report.Whole && !report.Anchored)
        {
            output.WriteLine("  anchor    none: an older copy of the ledger would look as whole; keep the checkpoint elsewhere and give it with --anchor");
        }

        foreach (var fault in report.Faults)
        {
            output.WriteLine($"  {fault.Line}: {fault.What}");
            if (fault.Since is { } since)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    what was recorded until {since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC holds"));
            }
        }
    }

    private sealed class LineProgress(CommandContext context) : IProgress<long>
    {
        public void Report(long value) => context.Progress("verify", value, 0);
    }
}
