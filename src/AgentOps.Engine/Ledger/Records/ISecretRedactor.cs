namespace AgentOps.Engine.Ledger;

/// <summary>Takes secrets out of every string value of a record before it is hashed and written.</summary>
public interface ISecretRedactor
{
    /// <summary>Gives the text without its secrets; the same text where there is none.</summary>
    /// <param name="text">A string value of a record's data.</param>
    string Redact(string text);
}
