using System.Text;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Tools.Http;

namespace AgentOps.Engine.Tools.OpenApi;

/// <summary>
/// An OpenAPI 3.0 or 3.1 document whose operations become Http tools (https://spec.openapis.org/oas/v3.1.1). What a tool can't send as
/// the document says is refused with its place; nothing is guessed.
/// </summary>
public sealed class OpenApiDocument
{
    private const int LongestDescription = 1024;

    private static readonly string[] Methods = ["get", "head", "post", "put", "patch", "delete", "options", "trace"];

    private readonly OpenApiFile _file;

    private OpenApiDocument(OpenApiFile file)
    {
        _file = file;
        var version = file.Root.Text("openapi");
        if (version is null || !(version.StartsWith("3.0.", StringComparison.Ordinal) || version.StartsWith("3.1.", StringComparison.Ordinal)))
        {
            var found = version ?? (file.Root.Text("swagger") is { } swagger ? $"swagger {swagger}" : null);
            throw new AgentOpsException(ErrorCodes.InvalidConfiguration, $"{file.Root.Location}: an OpenAPI document of version 3.0 or 3.1 is due{(found is null ? string.Empty : $", not {found}")}.", file.Name);
        }

        Operations = [.. Find(file.Root)];
    }

    /// <summary>The operations, in the document's order.</summary>
    public IReadOnlyList<OpenApiOperation> Operations { get; }

    /// <summary>Reads a document from disk, JSON or YAML.</summary>
    /// <exception cref="AgentOpsException"><c>ConfigurationUnreadable</c>; <c>InvalidConfiguration</c>, with the place.</exception>
    public static OpenApiDocument Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true)), path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new AgentOpsException(ErrorCodes.ConfigurationUnreadable, $"{path}: {fault.Message}", path, innerException: fault);
        }
    }

    /// <summary>Reads a document's text.</summary>
    /// <param name="text">JSON or YAML.</param>
    /// <param name="file">The name to put into errors.</param>
    /// <exception cref="AgentOpsException"><c>InvalidConfiguration</c>, with the place.</exception>
    public static OpenApiDocument Parse(string text, string file) => new(OpenApiFile.Parse(text, file));

    /// <summary>The operation of an id; null when there is none, or more than one.</summary>
    public OpenApiOperation? Find(string id) => Operations.Where(operation => operation.Id == id).Take(2).ToArray() is [var only] ? only : null;

    /// <summary>
    /// The tool that an operation becomes. GET and HEAD, which HTTP calls safe (RFC 9110, 9.2.1), are declared without side effect; all
    /// else is taken for irreversible until somebody says otherwise.
    /// </summary>
    /// <param name="operation">One of <see cref="Operations"/>.</param>
    /// <param name="name">The tool's name.</param>
    /// <param name="options">What is said beside the document.</param>
    /// <exception cref="AgentOpsException"><c>OperationNotSupported</c>, with the place and what is not supported there.</exception>
    public ToolDefinition Define(OpenApiOperation operation, string name, OpenApiOptions options)
    {
        if (operation.Method is "OPTIONS" or "TRACE")
        {
            throw operation.Operation.Refuse($"operations of the method {operation.Method} are not made tools");
        }

        var security = new OpenApiSecurity(_file.Root, options);
        var credentials = security.Of(operation);
        var server = OpenApiServers.AddressOf(_file.Root, operation, options);
        if (credentials.Count > 0 && !options.AllowPrivateNetwork && !server.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            throw operation.Operation.Refuse($"its credential would be sent in the clear to '{server}'; name an https address");
        }

        var arguments = new OpenApiArguments(operation);
        var template = server.TrimEnd('/') + arguments.Path();
        var settings = new HttpToolSettings(
            operation.Method, template, new Dictionary<string, string>(), arguments.Parts, arguments.NeedsBody, arguments.ContentType, credentials, options.AllowPrivateNetwork);
        return new ToolDefinition
        {
            Name = name,
            Kind = ToolKind.Http,
            Description = Describe(operation),
            Parameters = arguments.Parameters,
            SideEffect = operation.Method is "GET" or "HEAD" ? SideEffect.None : SideEffect.Irreversible,
            Settings = settings.ToJson(),
        };
    }

    private static IEnumerable<OpenApiOperation> Find(OpenApiNode root)
    {
        foreach (var (path, item) in root.Get("paths")?.Members ?? [])
        {
            if (path.StartsWith("x-", StringComparison.Ordinal))
            {
                continue;
            }

            var pathItem = item.Follow();
            foreach (var method in Methods)
            {
                if (pathItem.Get(method) is { IsObject: true } operation)
                {
                    yield return new OpenApiOperation(operation.Text("operationId") ?? Spell($"{method}{path}"), method.ToUpperInvariant(), path, operation, pathItem);
                }
            }
        }
    }

    private static string Spell(string text) => string.Join('_', text.Split(['/', '{', '}', '-', '.', ':'], StringSplitOptions.RemoveEmptyEntries));

    private static string Describe(OpenApiOperation operation)
    {
        var (summary, description) = (operation.Operation.Text("summary") ?? operation.PathItem.Text("summary"), operation.Operation.Text("description"));
        var text = summary is null ? description ?? $"{operation.Method} {operation.Path}"
            : description is null || description.StartsWith(summary, StringComparison.Ordinal) ? description ?? summary
            : $"{summary.TrimEnd('.')}. {description}";
        text = text.ReplaceLineEndings("\n").Trim();
        if (operation.Operation.Flag("deprecated"))
        {
            text = $"Deprecated. {text}";
        }

        return text.Length <= LongestDescription ? text : text[..(char.IsHighSurrogate(text[LongestDescription - 2]) ? LongestDescription - 2 : LongestDescription - 1)] + "…";
    }
}
