using System.Globalization;
using System.Text.Json.Nodes;
using AgentOps.Engine.Ledger;
using AgentOps.Ledger.Worker;

// spend FOLDER CALLS: makes calls of one dollar each against a budget; see Spender.
if (args is ["spend", var workspace, var calls])
{
    return await Spender.RunAsync(workspace, int.Parse(calls, CultureInfo.InvariantCulture));
}

// invoke FOLDER AGENT, telemetry FOLDER AGENT (exporting what it does, where the environment asks for it), resume FOLDER SESSION: see SessionWorker.
if (args is ["invoke" or "telemetry" or "resume", var store, var name])
{
    return await SessionWorker.RunAsync(args[0], store, name);
}

// append FOLDER COUNT BATCH: appends COUNT batches and says the sequence of the last record of each, once it is durable.
if (args is not ["append", var folder, var count, var batch])
{
    Console.Error.WriteLine("append FOLDER COUNT BATCH | spend FOLDER CALLS | invoke|telemetry FOLDER AGENT | resume FOLDER SESSION");
    return 2;
}

var options = new FileLedgerOptions
{
    Path = folder,
    Actor = new Actor(null, "worker", Environment.MachineName, "worker:" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture)),
    LockTimeout = TimeSpan.FromSeconds(60),
};
await using var ledger = await FileLedgerStore.OpenAsync(options, new SumProjection(), TimeProvider.System, CancellationToken.None);
await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
for (var i = 0; i < int.Parse(count, CultureInfo.InvariantCulture); i++)
{
    var events = new List<NewEvent>();
    for (var j = 0; j < int.Parse(batch, CultureInfo.InvariantCulture); j++)
    {
        events.Add(new NewEvent("test.counted", 1, new JsonObject { ["n"] = 1, ["process"] = Environment.ProcessId, ["i"] = i }));
    }

    var records = await ledger.AppendAsync(events, CancellationToken.None);
    await output.WriteLineAsync(records[^1].Sequence.ToString(CultureInfo.InvariantCulture));
}

return 0;
