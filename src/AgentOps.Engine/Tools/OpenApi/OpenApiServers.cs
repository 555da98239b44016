using System.Text.RegularExpressions;

namespace AgentOps.Engine.Tools.OpenApi;

/// <summary>Where an operation is: the first server of the operation, of its path or of the document, in this order.</summary>
internal static partial class OpenApiServers
{
    public static string AddressOf(OpenApiNode root, OpenApiOperation operation, OpenApiOptions options)
    {
        if (options.Server is { } given)
        {
            return Plain(given, operation.Operation);
        }

        var servers = new[] { operation.Operation, operation.PathItem, root }.Select(holder => holder.Get("servers")).FirstOrDefault(list => list?.Items.Any() == true);
        if (servers?.Items.First().Follow() is not { } server || server.Text("url") is not { } template)
        {
            throw operation.Operation.Refuse("the document names no server; say where the operation is");
        }

        var address = Variable().Replace(template, match => server.Get("variables")?.Get(match.Groups[1].Value)?.Text("default")
            ?? throw server.Refuse($"the server's variable '{match.Groups[1].Value}' has no default"));
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? Plain(uri, server)
            : throw server.Refuse($"the server '{address}' is no http or https address; say where the operation is");
    }

    private static string Plain(Uri uri, OpenApiNode at) => uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0
        ? uri.AbsoluteUri
        : throw at.Refuse($"the server '{uri.Host}' has a query, a fragment or a user in its address");

    [GeneratedRegex(@"\{([^{}]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
