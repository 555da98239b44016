using System.Diagnostics;

namespace AgentOps.Build;

/// <summary>Runs programs.</summary>
internal sealed class Shell(Repository repository)
{
    // The build itself runs under `dotnet run`; what that leaves in the environment would mislead the next dotnet.
    private static readonly string[] Inherited =
        ["MSBuildSDKsPath", "MSBuildExtensionsPath", "MSBUILD_EXE_PATH", "MSBuildLoadMicrosoftTargetsReadOnly", "DOTNET_HOST_PATH"];

    /// <summary>Runs a program with this console; its standard output goes to standard error unless it is the result itself.</summary>
    public int Run(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, bool outputIsResult = false)
    {
        using var process = Start(program, arguments, environment);
        var output = process.StandardOutput;
        var errors = Task.Run(() => Pass(process.StandardError, Console.Error));
        Pass(output, outputIsResult ? Console.Out : Console.Error);
        errors.Wait();
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Runs a program and keeps its output; for programs that say little.</summary>
    public (int ExitCode, string Output) Capture(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(program, arguments, environment);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>Runs dotnet and ends the task when it fails.</summary>
    public void DotNet(string what, IReadOnlyList<string> arguments)
    {
        if (Run("dotnet", arguments) != 0)
        {
            throw new BuildFailedException($"{what}: 'dotnet {string.Join(' ', arguments)}' failed; its errors stand above.");
        }
    }

    private Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in Inherited)
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start) ?? throw new BuildFailedException($"'{program}' did not start.");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new BuildFailedException($"'{program}' can't be started: {exception.Message}");
        }
    }

    private static void Pass(StreamReader from, TextWriter to)
    {
        while (from.ReadLine() is { } line)
        {
            to.WriteLine(line);
        }

        to.Flush();
    }
}
