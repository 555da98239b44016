using AgentOps.Simulation.Latency;
using AgentOps.Simulation.Models;
using AgentOps.Simulation.Numerics;
using AgentOps.Simulation.Results;
using AgentOps.Simulation.Workloads;

namespace AgentOps.Simulation.Serving;

/// <summary>
/// Replicas behind a router, and the clients before it. A replica may run ahead of the others only as far as nothing
/// that they do can concern it: to the next arrival and, where ends cause arrivals, to the others' boundaries.
/// </summary>
internal sealed class Cluster
{
    private readonly Scenario _scenario;
    private readonly RequestSet _requests;
    private readonly RequestLog _log;
    private readonly long[] _clientArrivals;
    private readonly Replica[] _replicas;
    private readonly TimeSeriesRecorder[]? _recorders;
    private readonly long _interval;
    private readonly bool _follows;
    private readonly bool _feedback;
    private readonly Autoscaler? _autoscaler;
    private readonly double _moveSecondsPerToken;
    private readonly PriorityQueue<int, (long Time, long Order)> _moving = new();
    private readonly long _ingressBase;
    private readonly double _ingressPerToken;
    private readonly PriorityQueue<int, (long Time, long Order)> _followers = new();
    private readonly Queue<(int Request, long Reached)> _inIngress = new();
    private readonly long _largestRequest;
    private readonly int _independent;
    private long _ingressFree;
    private long _order;
    private int _turn;
    private int _next;
    private int _released;
    private int _refused;

    public Cluster(Scenario scenario, SchedulerOptions scheduler, StepCostModel cost, long blocks)
    {
        _scenario = scenario;
        _requests = scenario.Requests;
        _log = new RequestLog(_requests.Count);
        _follows = scenario.Concurrency > 0 || _requests.Followers is not null;
        _feedback = _follows || scenario.PrefillReplicas > 0;
        _clientArrivals = _follows ? (long[])_requests.Arrivals.Clone() : _requests.Arrivals;
        _independent = scenario.Concurrency > 0
            ? Math.Min(scenario.Concurrency, _requests.Count)
            : _requests.Independent >= 0 ? _requests.Independent : _requests.Count;
        _released = _independent;
        _ingressBase = (long)(scenario.Coefficients.IngressMilliseconds * SimulationTime.Millisecond);
        _ingressPerToken = scenario.Coefficients.IngressMicrosecondsPerToken * 1e6;
        _largestRequest = blocks * scheduler.BlockSize;
        if (scenario.Deployment.Model.MaximumContext > 0)
        {
            _largestRequest = Math.Min(_largestRequest, scenario.Deployment.Model.MaximumContext);
        }

        if (scenario.SampleEvery is { } interval)
        {
            _interval = Math.Max(1, interval.Ticks * 100_000);
            _recorders = [.. Enumerable.Range(0, scenario.Replicas).Select(_ => new TimeSeriesRecorder(_interval))];
        }

        var hostSeconds = HostSecondsPerToken(scenario.Deployment);
        _moveSecondsPerToken = scenario.Deployment.KeyValueBytesPerTokenAndDevice * scenario.Deployment.PipelineParallel / scenario.Deployment.Accelerator.LinkBandwidth;
        _autoscaler = scenario.Autoscale is { } autoscale ? new Autoscaler(autoscale, scenario.Replicas) : null;
        _replicas = [.. Enumerable.Range(0, scenario.Replicas).Select(index =>
            new Replica(_requests, _log, cost, scheduler, blocks, hostSeconds)
            {
                KeepsCompletions = _feedback,
                Role = scenario.PrefillReplicas == 0 ? ReplicaRole.Both
                    : index < scenario.PrefillReplicas ? ReplicaRole.Prefill : ReplicaRole.Decode,
                Recorder = _recorders?[index],
            })];
    }

    private bool Closed => _scenario.Concurrency > 0;

    public SimulationOutcome Run(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        if (Closed)
        {
            Array.Clear(_clientArrivals);
        }

        var handed = 0;
        while (true)
        {
            // What happens next before the replicas: a client sends, or a request leaves the ingress.
            var sends = NextToSend();
            var reaches = _inIngress.Count > 0 ? _inIngress.Peek().Reached : long.MaxValue;
            var moved = _moving.TryPeek(out _, out var move) ? move.Time : long.MaxValue;
            var next = Math.Min(Math.Min(sends, reaches), moved);
            if (_feedback && AdvanceEarliest(next, cancellationToken))
            {
                continue;
            }

            if (next == long.MaxValue)
            {
                break;
            }

            if (moved == next)
            {
                Decoder().Enqueue(_moving.Dequeue(), moved);
            }
            else if (reaches <= sends)
            {
                var (request, reached) = _inIngress.Dequeue();
                HandOver(request, reached, cancellationToken);
            }
            else
            {
                Send(sends);
                if ((++handed & 0x3FFF) == 0)
                {
                    progress?.Report(handed);
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
        }

        if (!_feedback)
        {
            foreach (var replica in _replicas)
            {
                replica.Advance(long.MaxValue, cancellationToken);
            }
        }

        progress?.Report(_requests.Count);
        return new SimulationOutcome(
            _scenario,
            _clientArrivals,
            _log,
            [.. _replicas.Select(replica => replica.Statistics)],
            _replicas[0].TotalBlocks,
            _refused,
            _recorders is null ? null : TimeSeriesRecorder.Merge(_recorders, _interval, _replicas[0].TotalBlocks * _replicas.Length))
        {
            PaidReplicaTime = _autoscaler?.PaidUntil(_replicas.Max(replica => replica.Clock)),
            PeakReplicas = _autoscaler?.Peak ?? _replicas.Length,
            BlocksHeld = _replicas.Sum(replica => replica.TotalBlocks - replica.FreeBlocks),
        };
    }

    private static double HostSecondsPerToken(Deployment deployment) =>
        deployment.KeyValueBytesPerTokenAndDevice * deployment.PipelineParallel / deployment.Accelerator.HostBandwidth;

    private long NextToSend()
    {
        var own = _next < _independent ? _clientArrivals[_next] : long.MaxValue;
        return _followers.TryPeek(out _, out var key) ? Math.Min(own, key.Time) : own;
    }

    // A request leaves its client; one server process parses and tokenises, a request at a time.
    private void Send(long time)
    {
        var request = _followers.TryPeek(out _, out var key) && key.Time == time ? _followers.Dequeue() : _next++;
        if ((long)_requests.PromptTokens[request] + _requests.OutputTokens[request] > _largestRequest)
        {
            _refused++;
            _log.Finished[request] = -1;
            Follow(request, time);

            return;
        }

        _ingressFree = Math.Max(time, _ingressFree) + (long)(_requests.PromptTokens[request] * _ingressPerToken);
        _inIngress.Enqueue((request, _ingressFree + _ingressBase));
    }

    // Lets the replica that is furthest behind run on; false where all have reached the next arrival.
    private bool AdvanceEarliest(long arrival, CancellationToken cancellationToken)
    {
        Replica? earliest = null;
        var second = long.MaxValue;
        foreach (var replica in _replicas)
        {
            if (replica.Idle)
            {
                continue;
            }

            if (earliest is null || replica.Clock < earliest.Clock)
            {
                second = earliest?.Clock ?? long.MaxValue;
                earliest = replica;
            }
            else
            {
                second = Math.Min(second, replica.Clock);
            }
        }

        if (earliest is null || earliest.Clock >= arrival)
        {
            return false;
        }

        var limit = Math.Min(arrival, Math.Max(second, earliest.Clock + 1));
        earliest.Advance(limit, cancellationToken);
        foreach (var request in earliest.Completions)
        {
            if (_log.Finished[request] == 0)
            {
                // Its prompt is done: the KV cache goes to a replica that decodes.
                var way = (long)(_requests.PromptTokens[request] * _moveSecondsPerToken * SimulationTime.Second);
                _moving.Enqueue(request, (earliest.Clock + way, _order++));
            }
            else
            {
                Follow(request, earliest.Clock);
            }
        }

        earliest.Completions.Clear();
        return true;
    }

    private Replica Decoder() => Least(_scenario.PrefillReplicas, _replicas.Length);

    private void Follow(int request, long finished)
    {
        if (!_follows)
        {
            return;
        }

        if (Closed)
        {
            if (_released < _requests.Count)
            {
                Schedule(_released++, finished);
            }
        }
        else if (_requests.Followers![request] is >= 0 and var follower)
        {
            Schedule(follower, finished + _requests.Arrivals[follower]);
        }
    }

    private void Schedule(int request, long time)
    {
        _clientArrivals[request] = time;
        _followers.Enqueue(request, (time, _order++));
    }

    private void HandOver(int request, long reached, CancellationToken cancellationToken)
    {
        var chosen = Choose(request, reached, cancellationToken);
        if (!_feedback)
        {
            chosen.Advance(reached, cancellationToken);
        }

        chosen.Enqueue(request, reached);
    }

    private Replica Choose(int request, long time, CancellationToken cancellationToken)
    {
        var candidates = _scenario.PrefillReplicas > 0 ? _scenario.PrefillReplicas : _replicas.Length;
        if (candidates == 1)
        {
            return _replicas[0];
        }

        if (_scenario.Routing == RoutingPolicy.RoundRobin && _autoscaler is null)
        {
            return _replicas[_turn++ % candidates];
        }

        if (!_feedback)
        {
            foreach (var replica in _replicas)
            {
                replica.Advance(time, cancellationToken);
            }
        }

        if (_autoscaler is not null)
        {
            _autoscaler.Decide(time, _replicas);
            candidates = _autoscaler.Ready(time);
            if (_scenario.Routing == RoutingPolicy.RoundRobin)
            {
                return _replicas[_turn++ % candidates];
            }
        }

        var best = Least(0, candidates);
        if (_scenario.Routing == RoutingPolicy.PrefixAware)
        {
            var bound = (2 * best.Load) + 8;
            for (var i = 0; i < candidates; i++)
            {
                if (_replicas[i].CachedTokens(request) > best.CachedTokens(request) && _replicas[i].Load <= bound)
                {
                    best = _replicas[i];
                }
            }
        }

        return best;
    }

    private Replica Least(int from, int to)
    {
        var least = _replicas[from];
        for (var i = from + 1; i < to; i++)
        {
            least = _replicas[i].Load < least.Load ? _replicas[i] : least;
        }

        return least;
    }
}
