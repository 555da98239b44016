using System.Globalization;
using System.Text;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>A place in PostgreSQL, read from its URI.</summary>
/// <param name="ConnectionString">What Npgsql wants.</param>
/// <param name="Workspace">The name of the workspace.</param>
/// <param name="Location">The URI without user, password and parameters.</param>
internal sealed record PostgresUri(string ConnectionString, string Workspace, string Location)
{
    private static readonly Dictionary<string, string> parameters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["host"] = "Host",
        ["port"] = "Port",
        ["user"] = "Username",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["passfile"] = "Passfile",
        ["application_name"] = "Application Name",
    };

    /// <summary>Reads <c>postgresql://[user[:password]@][host][:port]/database[/workspace][?parameters]</c>.</summary>
    /// <exception cref="AgentOpsException">StoreLocationInvalid: it has another form.</exception>
    public static PostgresUri Parse(string text)
    {
        // An empty host, as for a socket named in the parameters, is no URI to .NET.
        var given = text.Replace(":///", "://localhost/", StringComparison.Ordinal);
        if (!Uri.TryCreate(given, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgresql" or "postgres") || uri.AbsolutePath.Length < 2)
        {
            throw Invalid("It is not of the form postgresql://user@host:5432/database/workspace.");
        }

        var path = uri.AbsolutePath.Trim('/').Split('/');
        var workspace = path.Length > 1 ? Uri.UnescapeDataString(path[1]) : "default";
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Host"] = uri.Host,
            ["Port"] = (uri.IsDefaultPort || uri.Port < 0 ? 5432 : uri.Port).ToString(CultureInfo.InvariantCulture),
            ["Database"] = Uri.UnescapeDataString(path[0]),
            ["Application Name"] = "AgentOps",
            ["Include Error Detail"] = "false",
        };
        AddUser(uri, settings);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            settings[parts.Length == 2 && parameters.TryGetValue(parts[0], out var name) ? name : throw Invalid($"The parameter '{parts[0]}' is not one of {string.Join(", ", parameters.Keys)}.")] =
                Uri.UnescapeDataString(parts[1]);
        }

        var connection = new StringBuilder();
        foreach (var (name, value) in settings)
        {
            connection.Append(CultureInfo.InvariantCulture, $"{name}='{value.Replace("'", "''", StringComparison.Ordinal)}';");
        }

        var port = settings["Port"] == "5432" ? "" : ":" + settings["Port"];
        var location = $"postgresql://{settings["Host"]}{port}/{path[0]}/{path.ElementAtOrDefault(1) ?? workspace}";
        return path.Length > 2 ? throw Invalid("A database and a workspace are expected after the host, and nothing more.") : new PostgresUri(connection.ToString(), workspace, location);
    }

    private static void AddUser(Uri uri, Dictionary<string, string> settings)
    {
        var user = uri.UserInfo.Split(':', 2);
        settings["Username"] = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : Environment.GetEnvironmentVariable("PGUSER") ?? Environment.UserName;
        if (user.Length > 1)
        {
            settings["Password"] = Uri.UnescapeDataString(user[1]);
        }
    }

    // The text itself is not repeated: it may hold a password.
    private static AgentOpsException Invalid(string what) => new(ErrorCodes.StoreLocationInvalid, "The location of the store can't be read. " + what);
}
