using System.Net;
using System.Text.Json;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Tests.Providers;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Tools.Http;

namespace AgentOps.Engine.Tests.Attacks;

/// <summary>
/// Addresses that look like another host, or lead to one: refused after the last resolution, and nothing is heard of them; an ordinary
/// client is heard.
/// </summary>
public sealed class HostileAddressTests
{
    /// <summary>The address, and the host as it has to be granted.</summary>
    public static TheoryData<string, string> Disguises => new()
    {
        { "http://127.0.0.1:$PORT/", "127.0.0.1" },
        { "http://localhost:$PORT/", "localhost" },
        { "http://LOCALHOST:$PORT/", "localhost" },
        { "http://127.1:$PORT/", "127.0.0.1" },
        { "http://127.0.1:$PORT/", "127.0.0.1" },
        { "http://127.255.255.254:$PORT/", "127.255.255.254" },
        { "http://2130706433:$PORT/", "127.0.0.1" },
        { "http://0x7f000001:$PORT/", "127.0.0.1" },
        { "http://0x7f.0.0.1:$PORT/", "127.0.0.1" },
        { "http://0177.0.0.1:$PORT/", "127.0.0.1" },
        { "http://017700000001:$PORT/", "127.0.0.1" },
        { "http://0177.0.0x0.1:$PORT/", "127.0.0.1" },
        { "http://[::1]:$PORT/", "::1" },
        { "http://[0:0:0:0:0:0:0:1]:$PORT/", "::1" },
        { "http://[::ffff:127.0.0.1]:$PORT/", "127.0.0.1" },
        { "http://[::ffff:7f00:1]:$PORT/", "127.0.0.1" },
        { "http://[::FFFF:7F00:0001]:$PORT/", "127.0.0.1" },
        { "http://granted.example@127.0.0.1:$PORT/", "127.0.0.1" },
        { "http://granted.example:80@127.0.0.1:$PORT/", "127.0.0.1" },
        { "http://granted.example%2f@127.0.0.1:$PORT/", "127.0.0.1" },
        { "http://127.0.0.1:$PORT/#@granted.example/", "127.0.0.1" },
        { "http://127.0.0.1:$PORT/?@granted.example/", "127.0.0.1" },
        { "http://127.0.0.1:$PORT/granted.example", "127.0.0.1" },
    };

    public static TheoryData<string> Redirects => ["http://localhost:$PORT/", "//localhost:$PORT/", "http://[::1]:$PORT/", "http://127.0.0.1@localhost:$PORT/", "http://127.0.0.1:1@[::1]:$PORT/"];

    public static TheoryData<string> Segments => ["../admin", "..", ".", "1/../../admin", "1?to=admin", "1#admin", "/admin", "//admin", "1/admin", "1;/../../admin"];

    [Theory]
    [MemberData(nameof(Disguises))]
    public async Task A_disguised_address_is_judged_by_where_it_leads(string address, string host)
    {
        using var world = await AttackWorld.CreateAsync();
        using var executor = new HttpToolExecutor(new EnvironmentSecretResolver());
        var uri = world.Fill(address);

        var stranger = await executor.ExecuteAsync(Call(uri, granted => granted == "granted.example"), CancellationToken.None);
        var granted = await executor.ExecuteAsync(Call(uri, asked => asked == host), CancellationToken.None);

        Assert.False(stranger.Succeeded);
        Assert.Contains("is not granted", stranger.Content, StringComparison.Ordinal);
        Assert.False(granted.Succeeded);
        Assert.Matches("private address", granted.Content);
        Assert.Empty(world.Heard);
        Assert.True(ResourceName.TryParse("net:" + host, out _, out _, out var problem), problem);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await client.GetAsync(uri);
        Assert.Single(world.Heard);
    }

    [Theory]
    [MemberData(nameof(Redirects))]
    public async Task A_redirect_leads_only_to_hosts_that_are_granted(string location)
    {
        using var world = await AttackWorld.CreateAsync();
        using var server = new LoopbackServer(LoopbackServer.Answer(302, "", "text/plain", $"Location: {world.Fill(location)}"));
        using var executor = new HttpToolExecutor(new EnvironmentSecretResolver());

        var outcome = await executor.ExecuteAsync(Call(server.Uri.ToString(), host => host == "127.0.0.1", allowPrivate: true), CancellationToken.None);
        var posted = await executor.ExecuteAsync(Call(server.Uri.ToString(), _ => true, allowPrivate: true, method: "POST"), CancellationToken.None);

        Assert.Contains("is not granted", outcome.Content, StringComparison.Ordinal);
        Assert.Contains("not followed", posted.Content, StringComparison.Ordinal);
        Assert.Empty(world.Heard);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await client.GetAsync(server.Uri);
        Assert.Single(world.Heard);
    }

    [Theory]
    [MemberData(nameof(Segments))]
    public async Task An_argument_stays_in_its_segment_of_the_address(string id)
    {
        using var world = await AttackWorld.CreateAsync();
        using var executor = new HttpToolExecutor(new EnvironmentSecretResolver());
        var template = world.Fill("http://127.0.0.1:$PORT/items/{Id}/status");

        await executor.ExecuteAsync(Call(template, _ => true, allowPrivate: true, id: id), CancellationToken.None);

        Assert.All(world.Heard, request => Assert.Matches("^GET /items/[^/?#]+/status HTTP", request));
        using var other = await AttackWorld.CreateAsync();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await client.GetAsync(other.Fill("http://127.0.0.1:$PORT/items/{Id}/status").Replace("{Id}", id, StringComparison.Ordinal));
        Assert.DoesNotMatch("^GET /items/[^/?#]+/status HTTP", Assert.Single(other.Heard));
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.31.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("192.88.99.1")]
    [InlineData("198.18.0.1")]
    [InlineData("203.0.113.7")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("64:ff9b:1::a00:1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("3fff:1::")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void An_address_that_is_not_of_the_public_internet_is_known(string address) => Assert.False(AddressGuard.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("93.184.216.34")]
    [InlineData("172.32.0.1")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a00:1450::1")]
    public void A_public_address_is_known(string address) => Assert.True(AddressGuard.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("net:2606:4700::1111", true)]
    [InlineData("net:::1", true)]
    [InlineData("net:2606:4700:0:0::1111", false)]
    [InlineData("net:2606:4700::1111%1", false)]
    [InlineData("net:[2606:4700::1111]", false)]
    [InlineData("net:2606:4700::ABCD", false)]
    [InlineData("net:::ffff:127.0.0.1", false)]
    [InlineData("net:host:80", false)]
    public void An_IPv6_host_has_one_spelling(string resource, bool isProper) => Assert.Equal(isProper, ResourceName.TryParse(resource, out _, out _, out _));

    private static ToolInvocation Call(string uri, Func<string, bool> isGranted, bool allowPrivate = false, string method = "GET", string? id = null)
    {
        using var settings = JsonDocument.Parse(JsonSerializer.Serialize(new Dictionary<string, object> { ["uri"] = uri, ["method"] = method, ["allowPrivateNetwork"] = allowPrivate }));
        using var arguments = JsonDocument.Parse(id is null ? "{}" : JsonSerializer.Serialize(new Dictionary<string, string> { ["Id"] = id }));
        var tool = new ToolDefinition { Name = "Fetch", Kind = ToolKind.Http, Parameters = [new ToolParameter("Id", ParameterType.String, false)], Settings = settings.RootElement.Clone(), Timeout = TimeSpan.FromSeconds(10) };
        return new ToolInvocation(tool, ArgumentBinder.Bind(tool.Parameters, arguments.RootElement).Arguments!, "s", "a", Path.GetTempPath(), null, isGranted) { Caller = new Caller("os:test", [], "c1", false, null) };
    }
}
