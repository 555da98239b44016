using AgentOps.Simulation.Numerics;

namespace AgentOps.Simulation.Workloads;

/// <summary>Lays a load over shared system prompts, users and turns.</summary>
internal static class PrefixedLoad
{
    public static RequestSet Build(WorkloadOptions options, SharedPrefixes prefixes, long[] arrivals, byte[]? stages)
    {
        Check(prefixes);
        return prefixes.Turns > 1
            ? Conversations(options, prefixes, arrivals)
            : SingleTurns(options, prefixes, arrivals, stages);
    }

    private static RequestSet SingleTurns(WorkloadOptions options, SharedPrefixes prefixes, long[] arrivals, byte[]? stages)
    {
        var tree = new PrefixTree();
        var distinct = prefixes.SystemPrompts * prefixes.UsersPerPrompt;
        var leaves = new int[distinct];
        for (var system = 0; system < prefixes.SystemPrompts; system++)
        {
            var root = prefixes.SystemTokens > 0 ? tree.Add(-1, prefixes.SystemTokens) : -1;
            for (var user = 0; user < prefixes.UsersPerPrompt; user++)
            {
                leaves[(system * prefixes.UsersPerPrompt) + user] = prefixes.RepeatsQuestions ? tree.Add(root, prefixes.QuestionTokens) : root;
            }
        }

        Shuffle(leaves, new RandomStream(options.Seed, 3));
        var lengths = new RandomStream(options.Seed, 2);
        var prompts = new int[arrivals.Length];
        var outputs = new int[arrivals.Length];
        var chosen = new int[arrivals.Length];
        for (var i = 0; i < arrivals.Length; i++)
        {
            prompts[i] = prefixes.SystemTokens + prefixes.QuestionTokens;
            outputs[i] = options.Output.Draw(lengths);
            chosen[i] = leaves[i % distinct];
        }

        return new RequestSet(arrivals, prompts, outputs) { Prefixes = tree, PrefixLeaves = chosen, Stages = stages };
    }

    // Each arrival opens a conversation; its further turns follow the answers.
    private static RequestSet Conversations(WorkloadOptions options, SharedPrefixes prefixes, long[] starts)
    {
        var tree = new PrefixTree();
        var roots = new int[prefixes.SystemPrompts];
        for (var system = 0; system < roots.Length; system++)
        {
            roots[system] = prefixes.SystemTokens > 0 ? tree.Add(-1, prefixes.SystemTokens) : -1;
        }

        var turns = prefixes.Turns;
        var count = checked(starts.Length * turns);
        var arrivals = new long[count];
        var prompts = new int[count];
        var outputs = new int[count];
        var leaves = new int[count];
        var contexts = new int[count];
        var followers = new int[count];
        var lengths = new RandomStream(options.Seed, 2);
        var pause = prefixes.Pause.Ticks * 100_000;
        for (var conversation = 0; conversation < starts.Length; conversation++)
        {
            var node = roots[conversation % roots.Length];
            var context = prefixes.SystemTokens;
            for (var turn = 0; turn < turns; turn++)
            {
                // First turns come first, so that what arrives by itself is in order of time.
                var request = turn == 0 ? conversation : starts.Length + (conversation * (turns - 1)) + turn - 1;
                arrivals[request] = turn == 0 ? starts[conversation] : pause;
                context += prefixes.QuestionTokens;
                prompts[request] = context;
                outputs[request] = options.Output.Draw(lengths);
                node = tree.Add(node, prefixes.QuestionTokens);
                leaves[request] = node;
                contexts[request] = -1;
                followers[request] = -1;
                if (turn + 1 < turns)
                {
                    followers[request] = starts.Length + (conversation * (turns - 1)) + turn;
                    if (outputs[request] > 1)
                    {
                        node = tree.Add(node, outputs[request] - 1);
                        contexts[request] = node;
                    }

                    context += outputs[request];
                }
            }
        }

        return new RequestSet(arrivals, prompts, outputs)
        {
            Prefixes = tree,
            PrefixLeaves = leaves,
            ContextNodes = contexts,
            Followers = followers,
            Independent = starts.Length,
        };
    }

    private static void Shuffle(int[] items, RandomStream random)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var other = random.NextInteger(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    private static void Check(SharedPrefixes prefixes)
    {
        if (prefixes.SystemPrompts < 1 || prefixes.UsersPerPrompt < 1 || prefixes.Turns < 1)
        {
            throw new SimulationInputException("workload.prefixes", "Shared prefixes need at least one system prompt, one user and one turn.", "Give 1 or more of each.");
        }

        if (prefixes.SystemTokens < 0 || prefixes.QuestionTokens < 1 || prefixes.Pause < TimeSpan.Zero)
        {
            throw new SimulationInputException("workload.prefixes", "A system prompt can't be shorter than 0 tokens, a question than 1, a pause than 0.", "Give lengths and a pause that are not negative.");
        }
    }
}
