using AgentOps.Engine.Configuration;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Notifications;

/// <summary>Reads documents of kind <c>Notifier</c> into <see cref="NotifierDefinition"/>.</summary>
public sealed class NotifierParser : IYamlKindParser
{
    /// <inheritdoc/>
    public string Kind => "Notifier";

    /// <inheritdoc/>
    public object Parse(string name, YamlMap document)
    {
        var command = document.GetStrings("command");
        var address = document.GetString("webhook");
        var secret = document.GetString("secret");
        Uri? webhook = null;
        if (command.Count == 0 == address is null)
        {
            document.Error("a notifier has either 'command' (a list: the program and its arguments) or 'webhook' (an address)");
        }
        else if (address is not null && (!Uri.TryCreate(address, UriKind.Absolute, out webhook) || webhook.Scheme is not ("https" or "http") || webhook.UserInfo.Length > 0))
        {
            document.Get("webhook")!.Error("the webhook is not an address of the form https://host/path; a token goes into 'secret', as env:NAME");
            webhook = null;
        }

        if (secret is not null && webhook is null)
        {
            document.Get("secret")!.Error("'secret' is sent with a webhook only");
        }
        else if (secret is not null && !SecretReference.IsReference(secret))
        {
            document.Get("secret")!.Error("the secret is a reference, env:NAME, never the secret itself");
        }

        return new NotifierDefinition { Name = name, Command = command, Webhook = webhook, Secret = secret };
    }
}
