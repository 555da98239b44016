using AgentOps.Simulation.Numerics;

namespace AgentOps.Simulation.Serving;

/// <summary>Samples one replica at fixed intervals.</summary>
internal sealed class TimeSeriesRecorder(long interval)
{
    private readonly List<(int Running, int Waiting, long Used)> _samples = [];

    public void Record(Replica replica)
    {
        while (replica.Clock >= (_samples.Count + 1) * interval)
        {
            _samples.Add(replica.Snapshot());
        }
    }

    /// <summary>Adds up several replicas' samples.</summary>
    public static IReadOnlyList<TimeSeriesPoint> Merge(IReadOnlyList<TimeSeriesRecorder> recorders, long interval, long blocks)
    {
        var length = recorders.Max(recorder => recorder._samples.Count);
        var points = new TimeSeriesPoint[length];
        for (var i = 0; i < length; i++)
        {
            var running = 0;
            var waiting = 0;
            long used = 0;
            foreach (var recorder in recorders)
            {
                if (i < recorder._samples.Count)
                {
                    running += recorder._samples[i].Running;
                    waiting += recorder._samples[i].Waiting;
                    used += recorder._samples[i].Used;
                }
            }

            points[i] = new TimeSeriesPoint(SimulationTime.ToTimeSpan(i * interval), running, waiting, used / (double)blocks);
        }

        return points;
    }
}
