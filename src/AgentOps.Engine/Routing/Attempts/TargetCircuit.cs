using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>
/// The circuit of one target, or of one provider's account. It opens after failures in a row, and at once when the provider says
/// how long to stay away or that its credit is used up; then one probe is let through, and its outcome decides.
/// </summary>
/// <remarks>
/// Not Polly's: there a circuit can't be opened at once for a time of the provider's choosing, and a stream that breaks off after
/// its beginning lies outside of what a pipeline executes.
/// </remarks>
internal sealed class TargetCircuit(RouterOptions options, TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private int _failures;
    private int _openings;
    private long _openUntil;
    private bool _probing;
    private string? _reason;

    /// <summary>Whether a call may be made; a closed circuit is answered without a lock.</summary>
    public bool IsOpen => Volatile.Read(ref _openUntil) is var until and not 0 && (_probing || Now < until);

    /// <summary>Why it is open, and for how much longer.</summary>
    public string Explain()
    {
        var left = TimeSpan.FromTicks(Math.Max(0, Volatile.Read(ref _openUntil) - Now));
        return string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"Its circuit is open for {left.TotalSeconds:0} s more: {_reason}");
    }

    /// <summary>A call is made: where the time has run out, it is the probe.</summary>
    public void Entered()
    {
        if (Volatile.Read(ref _openUntil) != 0)
        {
            _probing = true;
        }
    }

    /// <summary>A call succeeded.</summary>
    public void Succeeded()
    {
        if (_failures == 0 && Volatile.Read(ref _openUntil) == 0)
        {
            return;
        }

        Close();
    }

    /// <summary>A call ended without telling anything about the target, for example cancelled.</summary>
    public void Left() => _probing = false;

    /// <summary>A call failed.</summary>
    public void Failed(ProviderFault fault)
    {
        lock (_gate)
        {
            _probing = false;
            if (fault.Kind == FaultKind.QuotaExhausted)
            {
                Open(options.QuotaCoolDown, fault);
            }
            else if (fault.RetryAfter is { } wait && wait > options.LongestWaitBeforeFallback)
            {
                Open(wait, fault);
            }
            else if (fault.IsTransient && (++_failures >= options.FailuresToOpen || _openings > 0))
            {
                var pause = options.FirstCoolDown * Math.Pow(2, Math.Min(_openings, 10));
                Open(pause < options.LongestCoolDown ? pause : options.LongestCoolDown, fault);
                _openings++;
            }
        }
    }

    /// <summary>Closes it, for example after a top-up.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _failures = 0;
            _openings = 0;
            _probing = false;
            Volatile.Write(ref _openUntil, 0);
        }
    }

    private long Now => timeProvider.GetUtcNow().UtcTicks;

    private void Open(TimeSpan pause, ProviderFault fault)
    {
        _reason = fault.Detail;
        Volatile.Write(ref _openUntil, Now + pause.Ticks);
    }
}
