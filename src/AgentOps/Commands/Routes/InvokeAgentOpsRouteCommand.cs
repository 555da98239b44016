using System.Globalization;
using System.Management.Automation;
using System.Threading.Channels;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Routing;

namespace AgentOps.Commands;

/// <summary>Sends prompts down a route, as many at once as the providers bear.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AgentOpsRoute", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = CallSet)]
[OutputType(typeof(Output.Completion), typeof(Output.Batch))]
public sealed class InvokeAgentOpsRouteCommand : BatchCmdlet
{
    private const string CallSet = "Call";
    private const string BatchSet = "Batch";
    private const int ProgressId = 0x4147_0004;
    private const int Ahead = 64;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    private readonly Channel<string> _prompts = Channel.CreateBounded<string>(Ahead);
    private readonly Channel<RouteBatchAnswer> _answers = Channel.CreateUnbounded<RouteBatchAnswer>();
    private AdaptiveConcurrency? _concurrency;
    private readonly List<string> _batched = [];
    private RoutePrompt _how = new() { Route = string.Empty };
    private int _asked;
    private int _answered;
    private long _shown;

    /// <summary>The route.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RouteNameCompleter))]
    public string Name { get; set; } = string.Empty;

    /// <summary>The prompts.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[] Prompt { get; set; } = [];

    /// <summary>System instructions for all prompts.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Instructions { get; set; }

    /// <summary>Sampling temperature; at 0 identical prompts are answered once.</summary>
    [Parameter]
    [ValidateRange(0, 2)]
    public decimal Temperature { get; set; }

    /// <summary>The limit of each answer, in tokens.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int MaxOutputTokens { get; set; }

    /// <summary>The most that one call may cost, in USD.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000_000)]
    public decimal MaxCost { get; set; }

    /// <summary>The class of the most secret data in the prompts.</summary>
    [Parameter]
    [ValidateSet("public", "internal", "confidential", "secret")]
    public string? DataClass { get; set; }

    /// <summary>What the work is booked under.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Task { get; set; }

    /// <summary>Hands all prompts to the provider's batch interface: half the price, an answer within a day.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BatchSet)]
    public SwitchParameter Batch { get; set; }

    /// <summary>Gives the batch and does not wait for it.</summary>
    [Parameter(ParameterSetName = BatchSet)]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Calls at once, at most.</summary>
    [Parameter(ParameterSetName = CallSet)]
    [ValidateRange(1, 10_000)]
    public int MaxConcurrency { get; set; } = 64;

    private protected override async Task BeginAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var state = await workspace.GetStateAsync(cancellationToken);
        if (!state.Routes.ContainsKey(Name))
        {
            throw new AgentOpsException(ErrorCodes.RouteNotFound, $"There is no route '{Name}'.", Name);
        }

        var bound = MyInvocation.BoundParameters;
        _how = new RoutePrompt
        {
            Route = Name,
            Instructions = Instructions,
            Temperature = bound.ContainsKey(nameof(Temperature)) ? Temperature : null,
            MaxOutputTokens = bound.ContainsKey(nameof(MaxOutputTokens)) ? MaxOutputTokens : null,
            MaxCost = bound.ContainsKey(nameof(MaxCost)) ? MaxCost : null,
            DataClass = DataClass?.ToLowerInvariant(),
            Task = Task,
            MaxConcurrency = MaxConcurrency,
        };
        if (Batch)
        {
            return;
        }

        _concurrency = new AdaptiveConcurrency(Math.Min(4, MaxConcurrency), MaxConcurrency);
        Beside = RunAsync(workspace.Prompts, _how, cancellationToken);
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (Batch)
        {
            _batched.AddRange(Prompt);
            return;
        }

        foreach (var prompt in Prompt)
        {
            if (!await ConfirmAsync(Name, $"Send the prompt '{Shorten(prompt)}'"))
            {
                continue;
            }

            _asked++;
            await _prompts.Writer.WriteAsync(prompt, cancellationToken);
            while (_answers.Reader.TryRead(out var answer))
            {
                await CountAsync(answer);
            }
        }
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (Batch)
        {
            await SubmitAsync(cancellationToken);
            return;
        }

        _prompts.Writer.TryComplete();
        try
        {
            await foreach (var answer in _answers.Reader.ReadAllAsync(cancellationToken))
            {
                await CountAsync(answer);
            }

            await Beside;
        }
        finally
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                await WriteProgressAsync(new ProgressRecord(ProgressId, $"Route {Name}", "Done") { RecordType = ProgressRecordType.Completed });
            }
        }
    }

    /// <summary>Runs beside the pipeline from its beginning to its end; what goes wrong comes out at the end of the answers.</summary>
    private async Task RunAsync(RouteInvoker invoker, RoutePrompt how, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await foreach (var answer in invoker.InvokeAsync(how, _prompts.Reader.ReadAllAsync(cancellationToken), _concurrency, cancellationToken))
            {
                await _answers.Writer.WriteAsync(answer, CancellationToken.None);
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        // A writer that waits for room must not wait for ever.
        _prompts.Writer.TryComplete(failure);
        _answers.Writer.TryComplete(failure);
    }

    private async Task SubmitAsync(CancellationToken cancellationToken)
    {
        if (_batched.Count == 0 || !await ConfirmAsync(Name, string.Create(CultureInfo.InvariantCulture, $"Hand {(_batched.Count == 1 ? "1 prompt" : $"{_batched.Count} prompts")} over as a batch")))
        {
            return;
        }

        var workspace = await GetWorkspaceAsync(cancellationToken);
        var batch = await workspace.Batches.SubmitAsync(_how, _batched, cancellationToken);
        if (NoWait)
        {
            await WriteAsync(Output.Batch.From(batch));
            return;
        }

        await WaitAsync(workspace, batch, cancellationToken);
        await GiveAsync(workspace, batch.Id, cancellationToken);
    }

    private async Task CountAsync(RouteBatchAnswer answer)
    {
        _answered++;
        await TellAsync(answer);
        if (TimeProvider.System.GetElapsedTime(_shown) > Pace)
        {
            _shown = TimeProvider.System.GetTimestamp();
            await WriteProgressAsync(new ProgressRecord(ProgressId, $"Route {Name}",
                string.Create(CultureInfo.InvariantCulture, $"{_answered} of {_asked} answered, up to {_concurrency!.Limit} at once")));
        }
    }

    private static string Shorten(string prompt) => prompt.Length <= 40 ? prompt : prompt[..40] + "…";
}
