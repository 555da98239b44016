BeforeDiscovery {
    . (Join-Path $PSScriptRoot '../common.ps1')
    . (Join-Path $PSScriptRoot 'Rules.ps1')
    . (Join-Path $PSScriptRoot 'ModuleRules.ps1')
    $commands = Get-ModuleCommand | ForEach-Object { @{ Name = $_.Name; Command = $_ } }
    $checks = foreach ($rule in $Rules.Keys) { foreach ($command in $commands) { @{ Rule = $rule; Name = $command.Name; Command = $command.Command } } }
    $documents = foreach ($rule in $DocumentRules.Keys) { foreach ($command in $commands) { @{ Rule = $rule; Name = $command.Name; Command = $command.Command } } }
    $whole = $ModuleRules.Keys | ForEach-Object { @{ Rule = $_ } }
}

BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    . (Join-Path $PSScriptRoot 'Rules.ps1')
    . (Join-Path $PSScriptRoot 'ModuleRules.ps1')
    $module = Get-AgentOpsModule
    $null = Get-AgentOpsContext
    $codes = [Runtime.Loader.AssemblyLoadContext]::All.Where({ $_.Name -eq 'AgentOps' })[0].Assemblies.Where({ $_.GetName().Name -eq 'AgentOps.Engine' })[0].GetType('AgentOps.Engine.Errors.ErrorCodes')
    $module.ErrorIds = @($codes.GetFields([Reflection.BindingFlags] 'Public, Static').ForEach({ $_.GetValue($null).Id }) | Select-Object -Unique)
}

Describe 'Surface' {
    It '<Name> has <Rule>' -ForEach $checks {
        & $Rules[$Rule] $Command | Should -BeNullOrEmpty
    }

    It '<Name> has <Rule>' -ForEach $documents {
        & $DocumentRules[$Rule] $module $Command | Should -BeNullOrEmpty
    }

    It 'The module has <Rule>' -ForEach $whole {
        & $ModuleRules[$Rule] $module | Should -BeNullOrEmpty
    }
}
