using AgentOps.Engine.Permissions;
using Npgsql;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// The roles of a PostgreSQL server as groups: a role is a member of itself and of every role that it was granted, through others
/// too. The server is asked each time, so that what it revokes is revoked at once. A superuser is a member of what it was
/// granted, not of everything.
/// </summary>
internal sealed class PostgresGroups(PostgresConnector connector) : IGroupSource
{
    private const int TimeoutSeconds = 5;

    private const string Question = """
        WITH RECURSIVE held(role) AS (
            SELECT oid FROM pg_catalog.pg_roles WHERE rolname = $1
            UNION SELECT granted.roleid FROM pg_catalog.pg_auth_members AS granted JOIN held ON granted.member = held.role)
        SELECT EXISTS (SELECT FROM held JOIN pg_catalog.pg_roles AS known ON known.oid = held.role WHERE known.rolname = $2)
        """;

    /// <inheritdoc/>
    public bool? IsMember(string group, string person)
    {
        if (!group.StartsWith(ExternalGroups.DatabasePrefix, StringComparison.Ordinal) || ExternalGroups.NameIn(person, ExternalGroups.DatabasePrefix) is not { } name)
        {
            return null;
        }

        try
        {
            using var connection = connector.Open();
            using var command = PostgresConnector.MakeCommand(
                connection, Question, PostgresConnector.Of(name), PostgresConnector.Of(group[ExternalGroups.DatabasePrefix.Length..]));
            command.CommandTimeout = TimeoutSeconds;
            return command.ExecuteScalar() as bool?;
        }
        catch (NpgsqlException)
        {
            // A server that can't be asked knows nothing, which denies.
            return null;
        }
    }
}
