namespace AgentOps.Engine.Permissions;

/// <summary>The subjects of a compiled rule, groups of the configuration unfolded.</summary>
internal sealed class CompiledSubjects
{
    private readonly HashSet<string>? _agents;
    private readonly string[] _agentWildcards;
    private readonly HashSet<string>? _persons;
    private readonly string[] _externalGroups;
    private readonly IGroupSource? _groups;

    public CompiledSubjects(HashSet<string>? agents, string[] agentWildcards, HashSet<string>? persons, string[] externalGroups, IGroupSource? groups)
    {
        _agents = agents;
        _agentWildcards = agentWildcards;
        _persons = persons;
        _externalGroups = externalGroups;
        _groups = groups;
    }

    /// <summary>The agents by name; null when that is not all there is to it.</summary>
    public IReadOnlyCollection<string>? ExactAgents => _agentWildcards.Length == 0 ? _agents : null;

    /// <summary>The persons by name; null when that is not all there is to it.</summary>
    public IReadOnlyCollection<string>? ExactPersons => _externalGroups.Length == 0 ? _persons : null;

    public Truth Test(string agent, string? person)
    {
        if (!IsAgent(agent))
        {
            return Truth.False;
        }

        if (_persons is null)
        {
            return Truth.True;
        }

        if (person is null)
        {
            return Truth.False;
        }

        if (_persons.Contains(person) || (person.Contains(':', StringComparison.Ordinal) && _persons.Contains(PersonName.Bare(person))))
        {
            return Truth.True;
        }

        var failed = false;
        foreach (var group in _externalGroups)
        {
            switch (IsMember(group, person))
            {
                case true:
                    return Truth.True;
                case null:
                    failed = true;
                    break;
            }
        }

        return failed ? Truth.Error : Truth.False;
    }

    private bool? IsMember(string group, string person)
    {
        try
        {
            return _groups?.IsMember(group, person);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }

    public bool IsAgent(string agent)
    {
        if (_agents is null || _agents.Contains(agent))
        {
            return true;
        }

        foreach (var wildcard in _agentWildcards)
        {
            if (Wildcard.IsMatch(wildcard, agent, '\0', StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
