using System.CommandLine;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;

namespace AgentOps.Cli.Serving;

/// <summary>What a served simulated model pretends to run on: the command line's form of a provider's <c>serving</c>.</summary>
internal sealed class TimingOptions
{
    private readonly Option<string?> _model = new("--model", "-m") { Description = "With --accelerator: paces a simulated model's answers as this model of the catalog would, calls in flight batched together." };
    private readonly Option<string?> _accelerator = new("--accelerator", "-a") { Description = "The accelerator that it would run on, a name of the catalog." };
    private readonly Option<int?> _tensor = new("--tensor-parallel", "--tp") { Description = "Devices that share each layer; the fewest that fit where left out." };
    private readonly Option<string?> _precision = new("--precision") { Description = "Weights: bf16, fp8, int8 or fp4; the model's own where left out." };
    private readonly Option<int?> _sequences = new("--max-num-seqs") { Description = "The largest batch." };
    private readonly Option<int?> _stepTokens = new("--max-num-batched-tokens") { Description = "The largest step in tokens." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _model, _accelerator, _tensor, _precision, _sequences, _stepTokens })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The settings given; null where there are none.</summary>
    /// <exception cref="AgentOpsException">Something is given without both model and accelerator.</exception>
    public JsonObject? Read(ParseResult parsed)
    {
        var serving = new JsonObject();
        Put(serving, "model", parsed.GetValue(_model));
        Put(serving, "accelerator", parsed.GetValue(_accelerator));
        Put(serving, "tensorParallel", parsed.GetValue(_tensor));
        Put(serving, "precision", parsed.GetValue(_precision));
        Put(serving, "maxNumSeqs", parsed.GetValue(_sequences));
        Put(serving, "maxNumBatchedTokens", parsed.GetValue(_stepTokens));
        if (serving.Count == 0)
        {
            return null;
        }

        return serving.ContainsKey("model") && serving.ContainsKey("accelerator")
            ? serving
            : throw new AgentOpsException(ErrorCodes.ScenarioInvalid, "The timing needs both a model and an accelerator.", "serve",
                "Give --model and --accelerator together, for example --model llama-3.1-8b --accelerator h100.");
    }

    private static void Put(JsonObject serving, string name, JsonNode? value)
    {
        if (value is not null)
        {
            serving[name] = value;
        }
    }
}
