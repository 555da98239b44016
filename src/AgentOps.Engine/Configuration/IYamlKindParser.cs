namespace AgentOps.Engine.Configuration;

/// <summary>Parses the documents of one kind into a validated record of its own.</summary>
public interface IYamlKindParser
{
    /// <summary>The value of <c>kind</c>, for example <c>AgentPolicy</c>.</summary>
    string Kind { get; }

    /// <summary>Parses one document. Errors are recorded through the map; what is returned after an error is thrown away.</summary>
    /// <param name="name">The document's <c>name</c>.</param>
    /// <param name="document">The document; <c>apiVersion</c>, <c>kind</c> and <c>name</c> are read already.</param>
    object Parse(string name, YamlMap document);
}
