namespace AgentOps.Cli.Tests.Serving;

/// <summary>What the command line refuses, in words.</summary>
public class ServeCommandTests
{
    [Theory]
    [InlineData("both a model and an accelerator", "serve", "--model", "llama-3.1-8b")]
    [InlineData("Did you mean 'llama-3.1-8b'?", "serve", "--model", "llama-3.1-8x", "--accelerator", "h100")]
    [InlineData("does not fit", "serve", "--model", "llama-3.1-405b", "--accelerator", "phone-npu-100")]
    [InlineData("-4 is no port", "serve", "--port", "-4")]
    public async Task What_can_not_be_served_is_refused(string expected, params string[] arguments)
    {
        var (code, _, error) = await HelperProcess.RunAsync(arguments);
        Assert.Equal(1, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }
}
