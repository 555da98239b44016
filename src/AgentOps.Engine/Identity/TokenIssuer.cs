using System.Security.Cryptography;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Identity;

/// <summary>
/// Makes the tokens with which a session's tools say who calls. A token serves one session, tool and audience for half of its
/// lifetime; whether the agent may still act is asked each time. It is taught to the redactor before anyone can use it.
/// </summary>
internal sealed class TokenIssuer(WorkspaceLedger ledger, IdentityDirectory identities, SecretRedactor redactor, TimeProvider time) : IDisposable
{
    private readonly Dictionary<(string Session, string Tool, string Audience), Issued> _newest = [];
    private readonly Queue<Issued> _valid = new();
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Gives a token, or says why there is none.</summary>
    /// <param name="scope">The session.</param>
    /// <param name="tool">The tool that sends it.</param>
    /// <param name="host">The granted host that it is sent to.</param>
    /// <param name="audience">For whom it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async ValueTask<Credential> IssueAsync(SessionScope scope, ToolDefinition tool, string host, string audience, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var state = await ledger.RefreshAsync(cancellationToken);
            if (StopWatcher.Reason(state, scope with { OutlivesSuspension = false }) is { } refusal)
            {
                // A session that may not go on, or an agent of its chain that may not act, gets no token; not even to undo.
                return new Credential(null, refusal);
            }

            Forget();
            var place = (scope.Id, tool.Name, audience);
            var now = time.GetUtcNow();
            if (_newest.TryGetValue(place, out var known) && now < known.Renew && IdentityDirectory.IsInUse(state, scope.Agent, known.Key))
            {
                return new Credential(known.Token, null);
            }

            var signer = await identities.SignerAsync(scope.Agent, cancellationToken);
            var token = new IdentityToken
            {
                Issuer = ledger.Store.GetCheckpoint().Origin,
                Agent = scope.Agent,
                Delegators = scope.Delegators,
                OnBehalfOf = scope.OnBehalfOf,
                Audience = audience,
                Scope = [tool.Resource, "net:" + host],
                Session = scope.Id,
                Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
                IssuedAt = now,
            }.Sign(signer);
            redactor.Learn(token);
            var issued = _newest[place] = new Issued(token, signer.Id, now + (IdentityToken.Lifetime / 2), now + IdentityToken.Lifetime);
            _valid.Enqueue(issued);
            return new Credential(token, null);
        }
        catch (AgentOpsException fault)
        {
            return new Credential(null, fault.Message);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>A token that is no longer valid is no secret, and need not be looked for any more.</summary>
    private void Forget()
    {
        while (_valid.TryPeek(out var oldest) && time.GetUtcNow() >= oldest.Expires)
        {
            redactor.Forget(_valid.Dequeue().Token);
        }

        foreach (var (place, issued) in _newest.ToArray())
        {
            if (time.GetUtcNow() >= issued.Expires)
            {
                _newest.Remove(place);
            }
        }
    }

    private sealed record Issued(string Token, string Key, DateTimeOffset Renew, DateTimeOffset Expires);
}
