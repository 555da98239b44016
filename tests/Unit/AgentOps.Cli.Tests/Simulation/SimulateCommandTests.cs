using System.Diagnostics;
using System.Text.Json;

namespace AgentOps.Cli.Tests.Simulation;

public sealed class SimulateCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentops-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Lines_begin_with_the_protocol_and_end_with_the_result()
    {
        var (exit, output, _) = await HelperProcess.RunAsync("simulate", "--rate", "5", "--requests", "200", "--format", "jsonl");
        Assert.Equal(0, exit);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal("protocol", lines[0].GetProperty("type").GetString());
        Assert.Equal(1, lines[0].GetProperty("version").GetInt32());
        Assert.Equal("result", lines[^1].GetProperty("type").GetString());
        Assert.Equal(200, lines[^1].GetProperty("completed").GetInt32());
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_and_a_closed_input_stops_nothing()
    {
        var first = await HelperProcess.RunAsync("simulate", "--rate", "5", "--requests", "500", "--format", "json", "--seed", "7");
        var second = await HelperProcess.RunAsync("simulate", "--rate", "5", "--requests", "500", "--format", "json", "--seed", "7");
        Assert.Equal(0, first.ExitCode);
        Assert.Equal(first.Output, second.Output);
    }

    [Fact]
    public async Task A_request_file_keeps_the_defaults_of_what_it_leaves_out()
    {
        var file = Write("request.json", """{"model":"llama-3.1-8b","accelerators":["h100","a100-80"],"workload":{"rate":2,"requests":20}}""");
        var (exit, output, error) = await HelperProcess.RunAsync("simulate", "--request", file, "--format", "json");
        Assert.True(exit == 0, error);
        Assert.Equal(2, JsonDocument.Parse(output).RootElement.GetArrayLength());
    }

    [Theory]
    [InlineData("arrival_s,prompt_tokens,output_tokens\n0,10,10\n1,10", ":3")]
    [InlineData("arrival_s,prompt_tokens,output_tokens\n-1,10,10\n", ":2")]
    [InlineData("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.68,374,44\n2023-11-16 18:1", ":3")]
    [InlineData("{\"timestamp\":0,\"input_length\":600,\"output_length\":5,\"hash_ids\":[1,2]}\n{\"timestamp\":0,\"inp", ":2")]
    [InlineData("what is this", ":1")]
    public async Task A_torn_trace_is_refused_with_its_line(string content, string place)
    {
        var file = Write("trace.csv", content);
        var (exit, _, error) = await HelperProcess.RunAsync("simulate", "--trace", file);
        Assert.Equal(3, exit);
        Assert.Contains(file + place, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mooncake_trace_hits_the_prefix_cache()
    {
        var file = Write("trace.jsonl", string.Concat(Enumerable.Range(0, 20).Select(i =>
            $$"""{"timestamp": {{i * 2000}}, "input_length": 1100, "output_length": 5, "hash_ids": [1, 2, {{i + 10}}]}""" + "\n")));
        var (exit, output, _) = await HelperProcess.RunAsync("simulate", "--trace", file, "--format", "json");
        Assert.Equal(0, exit);
        Assert.InRange(JsonDocument.Parse(output).RootElement[0].GetProperty("prefixHitRate").GetDouble(), 0.85, 0.95);
    }

    [Theory]
    [InlineData(2, "--no-such-option", "1")]
    [InlineData(3, "--rate", "-1")]
    [InlineData(3, "--accelerator", "h1000")]
    [InlineData(3, "--model", "llama-3.1-405b", "--accelerator", "l40s", "--rate", "1")]
    [InlineData(1, "--rate", "1", "--requests", "50", "--slo-ttft", "1")]
    public async Task Exit_codes_are_as_documented(int expected, params string[] arguments)
    {
        var (exit, _, error) = await HelperProcess.RunAsync(["simulate", .. arguments]);
        Assert.True(exit == expected, $"{exit}: {error}");
    }

    [Fact]
    public async Task A_user_s_catalog_adds_to_the_built_in_one_and_its_mistakes_have_a_place()
    {
        var file = Write("accelerators.yaml", "- name: mine\n  title: Mine\n  memory: 80\n  bandwith: 3000\n");
        var (exit, _, error) = await HelperProcess.RunAsync("simulate", "--catalog", _folder, "--accelerator", "mine", "--rate", "1");
        Assert.Equal(3, exit);
        Assert.Contains(file + ":", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancel_line_or_a_closed_input_stops_a_controlled_run(bool byLine)
    {
        using var process = HelperProcess.Start("simulate", "--rate", "10", "--requests", "20000000", "--format", "jsonl", "--control", "stdin");
        Assert.Contains("protocol", await process.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        await Task.Delay(300);
        var watch = Stopwatch.StartNew();
        if (byLine)
        {
            await process.StandardInput.WriteLineAsync("cancel");
            await process.StandardInput.FlushAsync();
        }
        else
        {
            process.StandardInput.Close();
        }

        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
        Assert.Equal(130, process.ExitCode);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public async Task Validation_scores_runs_in_the_published_format()
    {
        var file = Write("runs.json", """
            [{"id":"1","model":"Qwen/Qwen2.5-7B-Instruct","hardware":"H100","tensorParallel":1,"precision":"FP16","maxNumSeqs":128,
              "maxNumBatchedTokens":2048,"cpuKvBlocks":0,"blockSize":16,
              "workload":{"arrivals":"exponential gaps, normalised per stage","stages":[{"duration":60,"rate":5}],
                "sharedPrefix":{"systemPrompts":9,"usersPerPrompt":5,"systemTokens":100,"questionTokens":447,"outputTokens":248},"distinctPrompts":100},
              "measured":{"summary":{"e2e_mean":1800,"ttft_mean":25}}}]
            """);
        var (exit, output, error) = await HelperProcess.RunAsync("simulate", "--validate", file, "--format", "json");
        Assert.True(exit == 0, error);
        var root = JsonDocument.Parse(output).RootElement;
        Assert.Equal(1, root.GetProperty("summary").GetProperty("metrics").GetProperty("e2e_mean").GetProperty("runs").GetInt32());
        Assert.False(root.GetProperty("summary").GetProperty("metrics").TryGetProperty("ttft_p99", out _));
    }

    [Fact]
    public async Task Optimize_names_the_cheapest_that_keeps_the_promise()
    {
        var (exit, output, error) = await HelperProcess.RunAsync("optimize", "--accelerator", "h100,l40s", "--rate", "4", "--requests", "300", "--slo-ttft", "500", "--slo-tpot", "60", "--format", "json");
        Assert.True(exit == 0, error);
        var plan = JsonDocument.Parse(output).RootElement;
        Assert.True(plan.GetProperty("best").GetProperty("met").GetBoolean());
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
