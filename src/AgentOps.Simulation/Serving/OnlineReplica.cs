using AgentOps.Simulation.Latency;
using AgentOps.Simulation.Models;
using AgentOps.Simulation.Numerics;
using AgentOps.Simulation.Workloads;

namespace AgentOps.Simulation.Serving;

/// <summary>
/// One replica that is driven from outside: requests are handed over as they come, time is told, and what has left the engine by
/// then can be read. It is the simulator's own replica, a step at a time, so that the same arrivals give the same times as
/// <see cref="Simulator"/> gives them in one go. Beginnings are not shared. Not safe for several threads at once.
/// </summary>
public sealed class OnlineReplica
{
    private readonly RequestSet _requests;
    private readonly RequestLog _log;
    private readonly Replica _replica;
    private readonly int[] _emitted;
    private readonly int[] _decoded;
    private readonly bool[] _left;
    private readonly Queue<(int Request, long Reached)> _inIngress = new();
    private readonly Stack<int> _free = new();
    private readonly long _ingressBase;
    private readonly double _ingressPerToken;
    private long _ingressFree;
    private long _now;
    private bool _stepped;

    /// <summary>Makes a replica at time 0.</summary>
    /// <param name="deployment">Model, accelerator and layout.</param>
    /// <param name="scheduler">Its scheduler.</param>
    /// <param name="coefficients">The step-latency model's numbers.</param>
    /// <param name="capacity">Requests that may wait or run at a time.</param>
    /// <exception cref="SimulationInputException">The model does not fit, or a setting is out of its range.</exception>
    public OnlineReplica(Deployment deployment, SchedulerOptions scheduler, LatencyCoefficients coefficients, int capacity = 4096)
    {
        if (scheduler.Batching != BatchingKind.Continuous)
        {
            throw new SimulationInputException("scheduler.batching", "Requests that come one by one are batched continuously alone: static and dynamic batches wait for what is not known yet.", "Leave the batching out.");
        }

        _requests = new RequestSet(new long[capacity], new int[capacity], new int[capacity]);
        var settled = ScenarioValidation.Check(new Scenario
        {
            Deployment = deployment,
            Requests = _requests,
            Scheduler = scheduler,
            Coefficients = coefficients,
        });
        var blocks = settled.KeyValueBlocks ?? throw new InvalidOperationException("Blocks are settled by the check.");
        var cost = new StepCostModel(deployment, coefficients, settled.MaximumStepTokens, settled.MaximumSequences);
        _log = new RequestLog(capacity);
        _replica = new Replica(_requests, _log, cost, settled, blocks, hostSecondsPerToken: 0);
        _emitted = new int[capacity];
        _decoded = new int[capacity];
        _left = new bool[capacity];
        for (var slot = capacity - 1; slot >= 0; slot--)
        {
            _free.Push(slot);
        }

        _ingressBase = (long)(coefficients.IngressMilliseconds * SimulationTime.Millisecond);
        _ingressPerToken = coefficients.IngressMicrosecondsPerToken * 1e6;
        LargestRequest = blocks * settled.BlockSize;
        if (deployment.Model.MaximumContext > 0)
        {
            LargestRequest = Math.Min(LargestRequest, deployment.Model.MaximumContext);
        }
    }

    /// <summary>The most tokens that a prompt and its answer may have together.</summary>
    public long LargestRequest { get; }

    /// <summary>Whether there is no room for another request.</summary>
    public bool IsFull => _free.Count == 0;

    /// <summary>Requests that were handed over and not released.</summary>
    public int InFlight => _emitted.Length - _free.Count;

    /// <summary>When something happens next, in picoseconds; the largest number when nothing does.</summary>
    public long NextEvent => Math.Min(_inIngress.TryPeek(out var head) ? head.Reached : long.MaxValue, Boundary);

    // The end of the step under way: what it emits is told then, and the next one is composed then.
    private long Boundary => _stepped || !_replica.Idle ? _replica.Clock : long.MaxValue;

    /// <summary>Hands a request over.</summary>
    /// <param name="time">When the client sends it, in picoseconds; not before the time last told.</param>
    /// <param name="promptTokens">Tokens of its prompt, at least 1.</param>
    /// <param name="outputTokens">Tokens of its answer, at least 1.</param>
    /// <returns>Its number until it is released.</returns>
    /// <exception cref="InvalidOperationException">There is no room, or it is longer than <see cref="LargestRequest"/>.</exception>
    public int Submit(long time, int promptTokens, int outputTokens)
    {
        if ((long)promptTokens + outputTokens > LargestRequest || !_free.TryPop(out var request))
        {
            throw new InvalidOperationException("The request does not fit, now or ever; look before it is handed over.");
        }

        time = Math.Max(time, _now);
        _requests.Arrivals[request] = time;
        _requests.PromptTokens[request] = promptTokens;
        _requests.OutputTokens[request] = outputTokens;
        _log.Forget(request);
        _emitted[request] = 0;
        _decoded[request] = 0;
        _left[request] = false;
        _ingressFree = Math.Max(time, _ingressFree) + (long)(promptTokens * _ingressPerToken);
        _inIngress.Enqueue((request, _ingressFree + _ingressBase));
        return request;
    }

    /// <summary>Lets everything happen that happens until a time, that time included.</summary>
    /// <param name="time">Picoseconds; an earlier time than the one last told changes nothing.</param>
    public void Advance(long time)
    {
        _now = Math.Max(_now, time);
        while (true)
        {
            var reaches = _inIngress.TryPeek(out var head) ? head.Reached : long.MaxValue;
            var boundary = Boundary;
            if (Math.Min(reaches, boundary) > _now)
            {
                return;
            }

            if (reaches <= boundary)
            {
                _inIngress.Dequeue();
                if (_left[head.Request])
                {
                    _free.Push(head.Request);
                }
                else
                {
                    _replica.Enqueue(head.Request, reaches);
                }

                continue;
            }

            Tell();
            _stepped = !_replica.Idle;
            _replica.Advance(boundary + 1, CancellationToken.None);
        }
    }

    /// <summary>Answer tokens of a request that have left the engine.</summary>
    /// <param name="request">Its number.</param>
    public int Emitted(int request) => _emitted[request];

    /// <summary>When the first token leaves the engine, in picoseconds; 0 while that is not known.</summary>
    /// <param name="request">Its number.</param>
    public long FirstToken(int request) => _log.FirstToken[request];

    /// <summary>When the last token leaves the engine, in picoseconds; 0 while that is not known.</summary>
    /// <param name="request">Its number.</param>
    public long Finished(int request) => _log.Finished[request];

    /// <summary>Lets a request go: one that has ended, or one whose client left, which then makes room at the next boundary.</summary>
    /// <param name="request">Its number, free for another from now on.</param>
    public void Release(int request)
    {
        if (_log.Finished[request] == 0 && !_replica.Abandon(request))
        {
            // Still on its way to the engine.
            _left[request] = true;
            return;
        }

        _free.Push(request);
    }

    // What the step that ends now has emitted.
    private void Tell()
    {
        if (!_stepped)
        {
            return;
        }

        _replica.CopyGenerated(_decoded);
        for (var request = 0; request < _emitted.Length; request++)
        {
            _emitted[request] = _log.Finished[request] > 0 ? _requests.OutputTokens[request] : _decoded[request];
        }
    }
}
