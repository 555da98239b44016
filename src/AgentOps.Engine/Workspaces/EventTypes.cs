namespace AgentOps.Engine.Workspaces;

/// <summary>The types of events in the ledger. A type's meaning never changes; what must change becomes a new version.</summary>
public static class EventTypes
{
    /// <summary>The version that every type below has today.</summary>
    public const int Version = 1;

    /// <summary>An agent was created.</summary>
    public const string AgentCreated = "agent.created";

    /// <summary>An agent's definition was replaced.</summary>
    public const string AgentChanged = "agent.changed";

    /// <summary>An agent was removed, and its own permissions with it.</summary>
    public const string AgentRemoved = "agent.removed";

    /// <summary>An agent may no longer act.</summary>
    public const string AgentSuspended = "agent.suspended";

    /// <summary>An agent may act again.</summary>
    public const string AgentResumed = "agent.resumed";

    /// <summary>An agent got a key with which it proves who it is; the public half.</summary>
    public const string AgentKeyAdded = "agent.key-added";

    /// <summary>An agent's keys were replaced: what they signed is valid until it expires, and nothing more is signed with them.</summary>
    public const string AgentKeysRetired = "agent.keys-retired";

    /// <summary>A tool was registered, or registered anew.</summary>
    public const string ToolRegistered = "tool.registered";

    /// <summary>A tool may not be called until it is registered anew: what it stands for has changed.</summary>
    public const string ToolSuspended = "tool.suspended";

    /// <summary>A tool was taken away.</summary>
    public const string ToolUnregistered = "tool.unregistered";

    /// <summary>A provider was registered, or registered anew.</summary>
    public const string ProviderRegistered = "provider.registered";

    /// <summary>A provider was taken away.</summary>
    public const string ProviderUnregistered = "provider.unregistered";

    /// <summary>A route was set.</summary>
    public const string RouteSet = "route.set";

    /// <summary>A route was removed.</summary>
    public const string RouteRemoved = "route.removed";

    /// <summary>One rule was granted.</summary>
    public const string PermissionGranted = "permission.granted";

    /// <summary>One rule was revoked.</summary>
    public const string PermissionRevoked = "permission.revoked";

    /// <summary>A group was set.</summary>
    public const string GroupSet = "group.set";

    /// <summary>A group was removed.</summary>
    public const string GroupRemoved = "group.removed";

    /// <summary>A budget was set.</summary>
    public const string BudgetSet = "budget.set";

    /// <summary>A budget was removed.</summary>
    public const string BudgetRemoved = "budget.removed";

    /// <summary>A notifier was set.</summary>
    public const string NotifierSet = "notifier.set";

    /// <summary>A notifier was removed.</summary>
    public const string NotifierRemoved = "notifier.removed";

    /// <summary>A key was registered as a person.</summary>
    public const string PersonRegistered = "person.registered";

    /// <summary>A registered person was taken away.</summary>
    public const string PersonUnregistered = "person.unregistered";

    /// <summary>A session was opened.</summary>
    public const string SessionOpened = "session.opened";

    /// <summary>A runner took a session over; the runner before it may write no more. It may bring a further prompt.</summary>
    public const string SessionResumed = "session.resumed";

    /// <summary>A person began to undo what a session did; whoever ran it before may write no more.</summary>
    public const string SessionUndoStarted = "session.undo-started";

    /// <summary>A session failed, and begins to undo what it did since its last prompt, before it ends.</summary>
    public const string SessionUndoing = "session.undoing";

    /// <summary>A session's runner has written nothing for a while and still works.</summary>
    public const string SessionRenewed = "session.renewed";

    /// <summary>A token was made with which a client calls a served route in a session.</summary>
    public const string SessionTokenIssued = "session.token-issued";

    /// <summary>A session waits for persons, and its runner has let go of it.</summary>
    public const string SessionWaiting = "session.waiting";

    /// <summary>Somebody asked a session to stop; nothing of it takes effect after this record.</summary>
    public const string SessionStopRequested = "session.stop-requested";

    /// <summary>The older part of a conversation became a summary; the records of it stay.</summary>
    public const string SessionCompacted = "session.compacted";

    /// <summary>A bound on steps, tool calls, time, money or tokens struck; the session ends.</summary>
    public const string SessionLimitReached = "session.limit-reached";

    /// <summary>A session ended.</summary>
    public const string SessionEnded = "session.ended";

    /// <summary>Money was set aside and a model is about to be called.</summary>
    public const string ModelRequested = "model.requested";

    /// <summary>A model answered; what it cost is settled.</summary>
    public const string ModelCompleted = "model.completed";

    /// <summary>A model call failed or was cancelled; what it cost is settled.</summary>
    public const string ModelFailed = "model.failed";

    /// <summary>Prompts are about to be handed to a provider as a batch; money was set aside.</summary>
    public const string BatchRequested = "batch.requested";

    /// <summary>The provider took a batch.</summary>
    public const string BatchAccepted = "batch.accepted";

    /// <summary>The provider did not take a batch.</summary>
    public const string BatchRefused = "batch.refused";

    /// <summary>Whether the provider took a batch is unknown for now.</summary>
    public const string BatchUnknown = "batch.unknown";

    /// <summary>The provider was asked to stop a batch.</summary>
    public const string BatchStopRequested = "batch.stop-requested";

    /// <summary>A batch's results were fetched; what it cost is settled.</summary>
    public const string BatchCollected = "batch.collected";

    /// <summary>A final answer did not fit the schema that was given for it, and the model was told why.</summary>
    public const string AnswerRefused = "answer.refused";

    /// <summary>A proposed tool call was refused.</summary>
    public const string ToolRefused = "tool.refused";

    /// <summary>A proposed tool call was allowed and is about to run: the intent, durable before any effect.</summary>
    public const string ToolStarted = "tool.started";

    /// <summary>A tool call ended: the outcome.</summary>
    public const string ToolCompleted = "tool.completed";

    /// <summary>A proposed tool call was not run because only a plan was asked for.</summary>
    public const string ToolPlanned = "tool.planned";

    /// <summary>A call that changed something, or may have, was not undone in an undoing; why is said.</summary>
    public const string ToolNotUndone = "tool.not-undone";

    /// <summary>An agent keeps a named fact beyond its session, in place of one of the same name; the value is a payload.</summary>
    public const string MemoryRemembered = "memory.remembered";

    /// <summary>A fact is no longer kept: an agent dropped it, or a person did.</summary>
    public const string MemoryForgotten = "memory.forgotten";

    /// <summary>What a Memory tool did was undone: the fact stands again as it was before, with its author, class and taint.</summary>
    public const string MemoryRestored = "memory.restored";

    /// <summary>A person settled what became of a call whose outcome was unknown.</summary>
    public const string ToolReconciled = "tool.reconciled";
}
