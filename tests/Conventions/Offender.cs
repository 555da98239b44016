// Cmdlets that break every rule of tests/Conventions: a rule that none of them breaks proves nothing. Compiled by Offenders.Tests.ps1.
using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using System.Reflection.Emit;
using System.Threading;
using System.Threading.Tasks;

namespace Offenders
{
    public class Shown
    {
        public string Name { get; set; }
        public DateTime When { get; set; }
        public double Cost { get; set; }
        public int Duration { get; set; }
        public Microsoft.PowerShell.Commands.WebResponseObject Foreign { get; set; }
    }

    // 31, 32, 33, 34: an import that loads, writes, works once only, and minds its path.
    public class Import : IModuleAssemblyInitializer
    {
        private const string Mark = "Offenders.Imported";

        public void OnImport()
        {
            AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Extra"), AssemblyBuilderAccess.Run);
            if (Environment.GetEnvironmentVariable("AGENTOPS_HOME") is { } home)
            {
                File.WriteAllText(home, "written at import");
            }

            if (AppDomain.CurrentDomain.GetData(Mark) is not null && Environment.GetEnvironmentVariable("OFFENDERS_ONCE") is not null)
            {
                throw new InvalidOperationException("imported twice");
            }

            AppDomain.CurrentDomain.SetData(Mark, true);
            if (typeof(Import).Assembly.Location.Contains('['))
            {
                throw new InvalidOperationException("a bracket in the path");
            }
        }
    }

    [Cmdlet("Frobnicate", "Things")]
    public class FrobnicateThings : PSCmdlet { }

    [Cmdlet("Get", "AgentOpsOffender"), OutputType(typeof(PSObject), typeof(Shown))]
    public class GetOffender : PSCmdlet
    {
        [Parameter(ValueFromPipeline = true), ArgumentCompleter(typeof(SlowCompleter))] public string[] Name { get; set; }
        [Parameter(ValueFromPipeline = true)] public string Path { get; set; }
        [Parameter] public bool Loud { get; set; }
        [Parameter] public SwitchParameter AsJob { get; set; }

        protected override void EndProcessing()
        {
            // 10, 17, 20, 21, 22: case matters, a pattern is a miss, the first miss ends the command with somebody else's error.
            foreach (var name in Name ?? new[] { "North" })
            {
                if (name == "North") { WriteObject(new Shown { Name = name }); }
                else { throw new ItemNotFoundException("none"); }
            }
        }
    }

    [Cmdlet("Set", "AgentOpsOffender", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High), OutputType(typeof(Shown))]
    public class SetOffender : PSCmdlet
    {
        public static int Written;

        [Parameter] public string Name { get; set; }

        // 14: it never asks.
        protected override void EndProcessing() { Written++; }
    }

    [Cmdlet("Suspend", "AgentOpsOffender")]
    public class SuspendOffender : PSCmdlet { }

    // 16: it waits for somebody.
    [Cmdlet("Remove", "AgentOpsOffender")]
    public class RemoveOffender : PSCmdlet
    {
        protected override void EndProcessing() { new ManualResetEvent(false).WaitOne(); }
    }

    [Cmdlet("Invoke", "AgentOpsOffender"), OutputType(typeof(string))]
    public class InvokeOffender : PSCmdlet
    {
        private static string s_last = "";

        [Parameter(Mandatory = true, Position = 0)] public string Offence { get; set; }
        [Parameter(Position = 1)] public string Value { get; set; }

        protected override void EndProcessing()
        {
            switch (Offence)
            {
                case "raw": // 19, 23, 43
                    throw new AggregateException(new TaskCanceledException("deep\n   at Somewhere()"));
                case "silent": // 19
                    return;
                case "background": // 24
                    Task.Run(() => throw new InvalidOperationException("left behind"));
                    Thread.Sleep(100);
                    return;
                case "thread": // 25
                    Task.Run(() => WriteObject("from elsewhere")).Wait();
                    return;
                case "progress": // 27
                    WriteProgress(new ProgressRecord(0x41470099, "Offending", "Half"));
                    throw new InvalidOperationException("in the middle");
                case "deaf": // 28
                    WriteObject("going");
                    Thread.Sleep(4000);
                    return;
                case "late": // 29
                    Thread.Sleep(600);
                    WriteObject("a");
                    WriteObject("b");
                    return;
                case "leak": // 30
                    WriteVerbose("the key is " + Value);
                    return;
                case "shared": // 36
                    s_last = Value;
                    Thread.Sleep(300);
                    WriteObject(s_last);
                    return;
                case "culture": // 37
                    WriteObject(1.5.ToString() + "TITLE".ToLower());
                    return;
                case "language": // 35
                    WriteObject(InvokeCommand.InvokeScript("[System.IO.Path]::GetFileName('a/b')")[0]);
                    return;
                case "strict": // 35
                    WriteObject(InvokeCommand.InvokeScript("$undefined")?.Count);
                    return;
            }
        }
    }

    // 40: slow, and what it offers is two arguments.
    public class SlowCompleter : IArgumentCompleter
    {
        public IEnumerable<CompletionResult> CompleteArgument(string command, string parameter, string word, CommandAst ast, IDictionary bound)
        {
            Thread.Sleep(1500);
            return new[] { new CompletionResult("two words") };
        }
    }
}
