BeforeDiscovery {
    . (Join-Path $PSScriptRoot '../common.ps1')
    . (Join-Path $PSScriptRoot 'Rules.ps1')
    $rules = $Rules.Keys | ForEach-Object { @{ Rule = $_ } }
}

BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    . (Join-Path $PSScriptRoot 'Rules.ps1')

    # Cmdlets that break every rule; a rule that none of them breaks proves nothing.
    $types = Add-Type -PassThru -ReferencedAssemblies ([psobject].Assembly.Location), 'System.Runtime', 'System.Text.RegularExpressions', ([Microsoft.PowerShell.Commands.WebResponseObject].Assembly.Location), 'System.Net.Http', 'System.Collections' -TypeDefinition @'
using System;
using System.Management.Automation;

namespace Offenders
{
    public class Shown { public DateTime When { get; set; } public double Cost { get; set; } public int Duration { get; set; } public Microsoft.PowerShell.Commands.WebResponseObject Foreign { get; set; } }

    [Cmdlet("Frobnicate", "Things")]
    public class FrobnicateThings : PSCmdlet { }

    [Cmdlet("Get", "AgentOpsOffender"), OutputType(typeof(PSObject), typeof(Shown))]
    public class GetOffender : PSCmdlet
    {
        [Parameter(ValueFromPipeline = true)] public string[] Name { get; set; }
        [Parameter(ValueFromPipeline = true)] public string Path { get; set; }
        [Parameter] public bool Loud { get; set; }
        [Parameter] public SwitchParameter AsJob { get; set; }
    }

    [Cmdlet("Set", "AgentOpsOffender", ConfirmImpact = ConfirmImpact.High), OutputType(typeof(Shown))]
    public class SetOffender : PSCmdlet { [Parameter] public string Name { get; set; } }
}
'@
    $offenders = Import-Module -Assembly $types[0].Assembly -PassThru -DisableNameChecking
    $commands = @(Get-Command -Module $offenders.Name)
}

AfterAll {
    Remove-Module $offenders.Name
}

Describe 'Each rule' {
    It 'fails on a planted offender: <Rule>' -ForEach $rules {
        $found = foreach ($command in $commands) { & $Rules[$Rule] $command }
        $found | Should -Not -BeNullOrEmpty
    }
}
