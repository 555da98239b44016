namespace AgentOps.Cli.Tests.Serving;

/// <summary>What the command line refuses, in words.</summary>
public class ServeCommandTests
{
    [Theory]
    [InlineData("both a model and an accelerator", "serve", "--model", "llama-3.1-8b")]
    [InlineData("Did you mean 'llama-3.1-8b'?", "serve", "--model", "llama-3.1-8x", "--accelerator", "h100")]
    [InlineData("does not fit", "serve", "--model", "llama-3.1-405b", "--accelerator", "phone-npu-100")]
    [InlineData("-4 is no port", "serve", "--port", "-4")]
    [InlineData("'AGENTOPS_TEST_NO_SUCH_KEY' has no key", "serve", "--api-key-variable", "AGENTOPS_TEST_NO_SUCH_KEY")]
    [InlineData("Without a key a route is not served on 0.0.0.0", "serve", "x.yaml", "--route", "r", "--listen", "0.0.0.0")]
    [InlineData("one of its routes is served", "serve", "--store", "<new>")]
    [InlineData("one of its routes is served", "serve", "x.yaml", "--store", "<new>", "--route", "r")]
    [InlineData("There is no workspace in", "serve", "--store", "<new>", "--route", "r")]
    [InlineData("Nothing says where 'r' is defined", "serve", "--route", "r")]
    [InlineData("Nothing says where 'p' is defined", "serve", "--provider", "p")]
    public async Task What_can_not_be_served_is_refused(string expected, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var (code, _, error) = await HelperProcess.RunAsync([.. arguments.Select(argument => argument == "<new>" ? folder.Path : argument)]);
        Assert.Equal(1, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
