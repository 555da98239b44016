using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentOps.Engine.Ledger;

/// <summary>OCSF 1.4.0, class API Activity (6003) of the category Application Activity (6).</summary>
internal sealed class OcsfExportWriter(string origin) : IExportWriter
{
    private const int Category = 6;
    private const int Class = 6003;

    /// <inheritdoc/>
    public void Begin(ByteBuffer output)
    {
    }

    /// <inheritdoc/>
    public void Write(LedgerRecord record, ByteBuffer output)
    {
        var activity = GetActivity(record.Type);
        var isRefusal = record.Type.EndsWith(".refused", StringComparison.Ordinal) || record.Type.EndsWith(".denied", StringComparison.Ordinal);
        var hasFailed = isRefusal || record.Type.EndsWith(".failed", StringComparison.Ordinal);
        var actor = new JsonObject { ["user"] = new JsonObject { ["name"] = record.Actor.OnBehalfOf } };
        if (record.Actor.Agent is { } agent)
        {
            actor["app_name"] = agent;
        }

        if (record.Session is { } session)
        {
            actor["session"] = new JsonObject { ["uid"] = session };
        }

        var node = new JsonObject
        {
            ["activity_id"] = activity,
            ["category_uid"] = Category,
            ["class_uid"] = Class,
            ["type_uid"] = (Class * 100) + activity,
            ["time"] = record.Time.ToUnixTimeMilliseconds(),
            ["severity_id"] = isRefusal ? 3 : hasFailed ? 2 : 1,
            ["status_id"] = hasFailed ? 2 : 1,
            ["actor"] = actor,
            ["api"] = new JsonObject { ["operation"] = record.Type, ["version"] = record.Version.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            ["src_endpoint"] = new JsonObject { ["hostname"] = record.Actor.Host, ["svc_name"] = record.Actor.Process },
            ["metadata"] = new JsonObject
            {
                ["version"] = "1.4.0",
                ["product"] = new JsonObject { ["name"] = "AgentOps", ["vendor_name"] = "AgentOps" },
                ["log_name"] = origin,
                ["sequence"] = record.Sequence,
                ["uid"] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{origin}/{record.Sequence}"),
            },
            ["unmapped"] = JsonNode.Parse(record.Data.GetRawText()),
        };
        output.Write(Encoding.UTF8.GetBytes(node.ToJsonString()));
        output.Write("\n"u8);
    }

    /// <inheritdoc/>
    public void End(ByteBuffer output)
    {
    }

    // 1 create, 2 read, 3 update, 4 delete, 99 other.
    private static int GetActivity(string type) => type[(type.LastIndexOf('.') + 1)..] switch
    {
        "created" or "registered" or "granted" or "remembered" or "opened" or "requested" => 1,
        "changed" or "set" or "suspended" or "resumed" => 3,
        "removed" or "unregistered" or "revoked" or "forgotten" or "payloads-erased" => 4,
        _ => 99,
    };
}
