namespace AgentOps.Engine.Routing;

/// <summary>What a prompt is about. The list is fixed: ledgers and catalogs name its members.</summary>
public enum PromptDomain
{
    /// <summary>Nothing in particular, or nothing that was recognized.</summary>
    General,

    /// <summary>Programs: writing, mending and explaining them.</summary>
    Code,

    /// <summary>Mathematics, logic and statistics.</summary>
    Mathematics,

    /// <summary>Natural sciences and engineering.</summary>
    Science,

    /// <summary>Medicine, care and the human body.</summary>
    Medicine,

    /// <summary>Law, contracts and regulation.</summary>
    Law,

    /// <summary>Finance, accounting, economics and business.</summary>
    Finance,

    /// <summary>History, philosophy, religion, society and politics.</summary>
    Humanities,

    /// <summary>Texts: writing, translating, summarizing and correcting them.</summary>
    Writing,

    /// <summary>Running systems with tools: hosts, services, networks, tickets.</summary>
    Operations,
}
