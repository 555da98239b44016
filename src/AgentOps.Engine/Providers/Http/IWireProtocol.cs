namespace AgentOps.Engine.Providers.Http;

/// <summary>One vendor's protocol: a pure translation, without a connection or a clock.</summary>
internal interface IWireProtocol
{
    /// <summary>One of <see cref="ProviderKinds"/>.</summary>
    string Kind { get; }

    /// <summary>The HTTP request of a call.</summary>
    HttpRequestMessage Write(ModelRequest request, string? secret);

    /// <summary>The events of a successful response's body. It ends only after <see cref="ModelCompleted"/>, or throws.</summary>
    IAsyncEnumerable<ModelEvent> ReadAsync(Stream body, ModelRequest request, CancellationToken ct);

    /// <summary>What a response without success says.</summary>
    ProviderFault ReadFault(FailedResponse response);
}
