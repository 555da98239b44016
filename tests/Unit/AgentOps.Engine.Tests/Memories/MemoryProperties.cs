using System.Text.Json;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Memories;

/// <summary>
/// Random sessions of two persons on one store, against a model of a few lines: a dictionary, and for each session the class and
/// taint of all that it has seen. What is recalled is what was remembered last; class and taint never get lost on the way.
/// </summary>
public sealed class MemoryProperties
{
    private static readonly string[] Persons = ["os:alice", "os:bob"];
    private static readonly string[] Names = ["plan", "Plan", "note", "x.1"];

    [Fact]
    public async Task What_is_recalled_was_remembered_last_with_the_class_and_taint_of_its_session()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            await PlayAsync(new Random(seed));
        }
    }

    private static async Task PlayAsync(Random random)
    {
        await using var alice = await MemoryBench.OpenAsync(person: Persons[0]);
        await using var bob = await MemoryBench.OpenAsync(alice.Folder, Persons[1]);
        var model = new Dictionary<(string? Person, string Name), Fact>();
        for (var session = 0; session < 6; session++)
        {
            var person = random.Next(2);
            var clearance = DataClasses.All[random.Next(1, 4)];
            var calls = Enumerable.Range(0, random.Next(1, 9)).Select(number => Call.Random(random, $"v{session}.{number} äöü\nline")).ToArray();
            var steps = random.Next(2) == 0
                ? string.Join('\n', calls.Select(call => $"- call: {call.Text}"))
                : $"- call: [{string.Join(", ", calls.Select(call => call.Text))}]";

            var (result, outcomes) = await (person == 0 ? alice : bob).PlayAsync(steps, agent: $"memory: {{clearance: {clearance}}}");

            var (dataClass, isTainted) = (DataClasses.Default, false);
            Assert.Equal(calls.Length, outcomes.Length);
            for (var i = 0; i < calls.Length; i++)
            {
                var expected = calls[i].Apply(model, Persons[person], clearance, ref dataClass, ref isTainted);
                Assert.Equal(expected is null ? "error" : "ok", outcomes[i].Outcome);
                Assert.Equal(expected ?? [], Read(calls[i], outcomes[i].Text!));
            }

            var seen = (await alice.Workspace.GetStateAsync(CancellationToken.None)).Sessions[result.Session];
            Assert.Equal((dataClass, isTainted), (seen.DataClass, seen.IsTainted));
        }

        var kept = await alice.Workspace.Memory.ListAsync(CancellationToken.None);
        Assert.Equal(
            model.Select(fact => (fact.Key.Person, fact.Key.Name, fact.Value.DataClass, fact.Value.IsTainted, (string?)fact.Value.Value)).Order(),
            (await Task.WhenAll(kept.Select(async fact => (fact.OnBehalfOf, fact.Name.ToLowerInvariant(), fact.DataClass, fact.IsUntrusted, await alice.Workspace.Memory.ReadAsync(fact, CancellationToken.None))))).Order());

        // A snapshot, and a replay of the ledger, say the same.
        using var stream = new MemoryStream();
        WorkspaceSnapshot.Write(await alice.Workspace.GetStateAsync(CancellationToken.None), stream);
        stream.Position = 0;
        Assert.Equal(kept, WorkspaceSnapshot.Read(stream).Memory.All);
        await using var later = await MemoryBench.OpenAsync(alice.Folder);
        Assert.Equal(kept, await later.Workspace.Memory.ListAsync(CancellationToken.None));
    }

    /// <summary>Values, or names, that a recall brought.</summary>
    private static string[] Read(Call call, string text)
    {
        if (call.Operation != "recall" || !text.StartsWith('{'))
        {
            return [];
        }

        using var json = JsonDocument.Parse(text);
        return json.RootElement.TryGetProperty("facts", out var facts)
            ? [.. facts.EnumerateArray().Select(fact => fact.GetProperty("name").GetString()!.ToLowerInvariant())]
            : [json.RootElement.GetProperty("value").GetString()!];
    }

    private sealed record Fact(string Value, string DataClass, bool IsTainted);

    private sealed record Call(string Operation, bool IsShared, string? Name, string Value, string DataClass, bool IsOutside)
    {
        public string Text => Operation == "See"
            ? $"{{tool: See, arguments: {{Class: {DataClass}, Outside: {(IsOutside ? "true" : "false")}}}}}"
            : $"{{tool: {Operation}{(IsShared ? "-all" : "")}, arguments: {{{(Name is null ? "" : $"Name: {Name}")}{(Operation == "remember" ? $", Value: {JsonSerializer.Serialize(Value)}" : "")}}}}}";

        public static Call Random(Random random, string value)
        {
            var operation = new[] { "remember", "remember", "recall", "recall", "recall", "forget", "See" }[random.Next(7)];
            var name = operation == "recall" && random.Next(3) == 0 ? null : Names[random.Next(Names.Length)];
            return new Call(operation, random.Next(2) == 0, name, value, DataClasses.All[random.Next(4)], random.Next(3) == 0);
        }

        /// <summary>What it brings by the model; null where it fails.</summary>
        public string[]? Apply(Dictionary<(string?, string), Fact> model, string person, string clearance, ref string dataClass, ref bool isTainted)
        {
            var key = (IsShared ? null : person, Name?.ToLowerInvariant() ?? string.Empty);
            bool IsVisible(Fact fact) => Rank(fact.DataClass) <= Rank(clearance);
            switch (Operation)
            {
                case "See":
                    (dataClass, isTainted) = (Higher(dataClass, DataClass), isTainted || IsOutside);
                    return [];
                case "remember" when Rank(dataClass) > Rank(clearance):
                    return null;
                case "remember":
                    model[key] = new Fact(Value, dataClass, isTainted);
                    return [];
                case "forget":
                    return model.TryGetValue(key, out var dropped) && IsVisible(dropped) && model.Remove(key) ? [] : null;
                case "recall" when Name is null:
                    var all = model.Where(fact => fact.Key.Item1 == key.Item1 && IsVisible(fact.Value)).OrderBy(fact => fact.Key.Item2, StringComparer.Ordinal).ToArray();
                    foreach (var fact in all)
                    {
                        (dataClass, isTainted) = (Higher(dataClass, fact.Value.DataClass), isTainted || fact.Value.IsTainted);
                    }

                    return [.. all.Select(fact => fact.Key.Item2)];
                default:
                    if (!model.TryGetValue(key, out var found) || !IsVisible(found))
                    {
                        return null;
                    }

                    (dataClass, isTainted) = (Higher(dataClass, found.DataClass), isTainted || found.IsTainted);
                    return [found.Value];
            }
        }

        private static int Rank(string dataClass) => Array.IndexOf([.. DataClasses.All], dataClass);

        private static string Higher(string left, string right) => Rank(right) > Rank(left) ? right : left;
    }
}
