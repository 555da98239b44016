namespace AgentOps.Engine.Permissions;

/// <summary>States facts for one request. It must give the same answers as long as the request is being decided; hand in a snapshot.</summary>
public interface IFactSource
{
    /// <summary>States a fact.</summary>
    /// <param name="name">Its name, in the casing of the catalogue.</param>
    /// <param name="value">A text, number, truth value or time; a set is an array of texts, a level its word.</param>
    /// <returns>False when the fact is not known here: an error in the rule that tests it.</returns>
    bool TryGet(string name, out ArgumentValue value);
}
