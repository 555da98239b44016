using System.ComponentModel;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Tools.Processes;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Notifications;

/// <summary>
/// Tells every notifier of the workspace that a call waits for persons, all at once and each within ten seconds. What came of it is
/// recorded; a notifier that fails holds nothing up.
/// </summary>
internal sealed class RequestNotifier(WorkspaceLedger ledger, ISecretResolver secrets, SecretRedactor redactor) : IDisposable
{
    private const int LongestOutput = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // No redirects: the notice goes to the address that was configured, and to no other.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Patience };

    /// <summary>Tells of a request.</summary>
    /// <param name="id">The request.</param>
    /// <param name="cancellationToken">Ends the telling.</param>
    public async Task NotifyAsync(string id, CancellationToken cancellationToken)
    {
        var state = ledger.Seen;
        if (state.Notifiers.IsEmpty || state.Approvals.Find(id) is not { } request)
        {
            return;
        }

        var notice = Describe(request);
        var told = await Task.WhenAll(state.Notifiers.Values.Select(async notifier => (notifier.Name, Fault: await TellAsync(notifier, notice, cancellationToken))));
        await ledger.TransactAsync(
            (_, transaction) =>
            {
                foreach (var (name, fault) in told)
                {
                    transaction.Add(ApprovalEvents.MakeNotified(request, name, fault));
                }

                return true;
            },
            CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private string Describe(ApprovalRequest request)
    {
        var notice = new JsonObject { ["event"] = ApprovalEvents.Requested }
            .With("request", request.Id)
            .With("agent", request.Agent)
            .With("onBehalfOf", request.OnBehalfOf)
            .With("session", request.Session)
            .With("resource", request.Resource)
            .With("arguments", request.Arguments)
            .With("requested", YamlNumbers.Spell(request.Requested))
            .With("expires", YamlNumbers.Spell(request.Binding.Expires))
            .With("form", request.Form)
            .With("approve", $"Approve-AgentOpsRequest -Id {request.Id}{Answer(request)}")
            .With("deny", $"Deny-AgentOpsRequest -Id {request.Id}");
        return redactor.Redact(notice.ToJsonString());
    }

    /// <summary>For a question, the fields that the answer has.</summary>
    private static string Answer(ApprovalRequest request)
    {
        if (request.Form is null || JsonReading.TryParse(request.Form)?.Object("properties") is not { } fields)
        {
            return string.Empty;
        }

        string[] names = [.. fields.EnumerateObject().Select(field => field.Name)];
        return names is ["Answer"]
            ? " -Answer '...'"
            : $" -Answer @{{ {string.Join("; ", names.Select(name => $"'{name.Replace("'", "''", StringComparison.Ordinal)}' = '...'"))} }}";
    }

    private async Task<string?> TellAsync(NotifierDefinition notifier, string notice, CancellationToken cancellationToken)
    {
        try
        {
            return notifier.Webhook is null ? await RunAsync(notifier, notice, cancellationToken) : await PostAsync(notifier, notice, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or Win32Exception or IOException or AgentOpsException)
        {
            return redactor.Redact(exception.Message);
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested ? "The session was stopped." : $"No answer within {Patience.TotalSeconds:0} s.";
        }
    }

    private async Task<string?> PostAsync(NotifierDefinition notifier, string notice, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, notifier.Webhook) { Content = new StringContent(notice, Encoding.UTF8, "application/json") };
        if (notifier.Secret is { } reference)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await secrets.ResolveAsync(reference, cancellationToken));
        }

        using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.IsSuccessStatusCode ? null : $"HTTP {(int)response.StatusCode}";
    }

    private async Task<string?> RunAsync(NotifierDefinition notifier, string notice, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("agentops-notice-");
        try
        {
            var result = await ChildProcess.RunAsync(
                new ChildProcessStart
                {
                    FileName = notifier.Command[0],
                    Arguments = [.. notifier.Command.Skip(1)],
                    WorkFolder = folder.FullName,
                    StandardInput = notice,
                    Timeout = Patience,
                    MaxOutputBytes = LongestOutput,
                },
                cancellationToken);
            return result switch
            {
                { IsTimedOut: true } => $"No answer within {Patience.TotalSeconds:0} s.",
                { ExitCode: 0 } => null,
                _ => redactor.Redact($"Exit code {result.ExitCode}. {result.Error}".TrimEnd()),
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
