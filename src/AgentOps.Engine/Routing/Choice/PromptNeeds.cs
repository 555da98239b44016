using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>What a prompt asks of a target, worked out once a decision.</summary>
internal readonly struct PromptNeeds
{
    private const decimal ModelsOwnTemperature = 1;

    public PromptNeeds(ModelRequest request, int expectedOutput)
    {
        InputTokens = TokenEstimate.OfPrompt(request);
        OutputTokens = request.MaxOutputTokens ?? expectedOutput;
        DataRank = DataClasses.RankOfData(request.DataClass);
        Tools = request.Tools.Count > 0;
        Temperature = request.Temperature is not null and not ModelsOwnTemperature;
        for (var message = 0; message < request.Messages.Count && !Images; message++)
        {
            var parts = request.Messages[message].Parts;
            for (var part = 0; part < parts.Count && !Images; part++)
            {
                Images = parts[part] is ImagePart;
            }
        }
    }

    public long InputTokens { get; }

    public int OutputTokens { get; }

    public int DataRank { get; }

    public bool Tools { get; }

    public bool Images { get; }

    /// <summary>It asks for another temperature than a model's own.</summary>
    public bool Temperature { get; }

    /// <summary>Whether a target can do what is asked.</summary>
    public bool FitsInto(CompiledTarget target) =>
        (!Images || target.TakesImages) && (!Tools || target.TakesTools) && (!Temperature || target.TakesTemperature);
}
