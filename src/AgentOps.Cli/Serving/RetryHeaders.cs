using System.Globalization;
using AgentOps.Engine.Providers;
using Microsoft.AspNetCore.Http;

namespace AgentOps.Cli.Serving;

/// <summary>Writes how long to wait in the form that is scripted.</summary>
internal static class RetryHeaders
{
    public static void Write(IHeaderDictionary headers, ProviderFault fault)
    {
        if (fault.RetryAfter is not { } wait)
        {
            return;
        }

        switch (fault.RetryAfterForm)
        {
            case "seconds":
                headers["retry-after"] = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                break;
            case "milliseconds":
                headers["retry-after-ms"] = wait.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
                break;
            case "date":
                headers["retry-after"] = (DateTimeOffset.UtcNow + wait).ToString("r", CultureInfo.InvariantCulture);
                break;
            case "duration":
                headers["x-ratelimit-remaining-requests"] = "0";
                headers["x-ratelimit-reset-requests"] =
                    string.Create(CultureInfo.InvariantCulture, $"{(int)wait.TotalMinutes}m{wait.TotalSeconds % 60:0.###}s");
                break;
        }
    }
}
