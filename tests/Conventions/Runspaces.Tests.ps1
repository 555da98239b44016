BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    . (Join-Path $PSScriptRoot 'Behaviour.ps1')
    $workspaceFile = Join-Path $RepositoryRoot 'module/quickstart/workspace.yaml'
    $prelude = "`$ErrorActionPreference = 'Stop'; Set-StrictMode -Version Latest; Import-Module '$($ManifestPath -replace "'", "''")';"
}

Describe 'Runspaces' {
    It 'keeps eight parallel ThreadJobs apart, and their ledgers whole (36)' {
        $root = Get-TestStore
        try {
            Find-SharedState "Import-Module '$ManifestPath'
                `$null = Connect-AgentOps -Store (Join-Path '$root' `"own-`$number`")
                `$null = Import-AgentOpsConfiguration -LiteralPath '$workspaceFile'
                `$null = New-AgentOpsAgent -Name `"agent-`$number`" -Route default
                if (-not (Test-AgentOpsLedger)) { throw 'not whole' }
                if ((Get-AgentOpsContext).Store -notlike `"*own-`$number`") { throw (Get-AgentOpsContext).Store }
                (Get-AgentOpsAgent -Name agent-*).Name -replace 'agent-'
                Disconnect-AgentOps" | Should -BeNullOrEmpty
        }
        finally {
            Remove-Item -LiteralPath $root -Recurse -Force
        }
    }

    It 'shares one store between eight ThreadJobs without losing a change (36)' {
        $root = Get-TestStore
        try {
            $null = Connect-AgentOps -Store $root
            $null = Import-AgentOpsConfiguration -LiteralPath $workspaceFile
            $jobs = 1..8 | ForEach-Object {
                Start-ThreadJob -ArgumentList $_ -ScriptBlock {
                    param($number)
                    $ErrorActionPreference = 'Stop'
                    Import-Module $using:ManifestPath
                    $null = Connect-AgentOps -Store $using:root
                    1..5 | ForEach-Object { $null = New-AgentOpsAgent -Name "agent-$number-$_" -Route default }
                }
            }
            $null = $jobs | Receive-Job -Wait -AutoRemoveJob
            @(Get-AgentOpsAgent -Name agent-*).Count | Should -Be 40
            Test-AgentOpsLedger | Should -BeTrue
        }
        finally {
            Disconnect-AgentOps
            Remove-Item -LiteralPath $root -Recurse -Force
        }
    }

    It 'works for a ConstrainedLanguage caller under StrictMode (35)' {
        $store = Get-TestStore
        try {
            Find-LanguageTrouble $ManifestPath "
                `$null = Connect-AgentOps -Store '$store'
                `$null = Import-AgentOpsConfiguration -LiteralPath '$workspaceFile'
                (Invoke-AgentOpsAgent host-watch 'Look after this host.').Status" 'Completed' | Should -BeNullOrEmpty
        }
        finally {
            Remove-Item -LiteralPath $store -Recurse -Force
        }
    }

    It 'gives the same under tr-TR and de-DE (37)' {
        $root = Get-TestStore
        try {
            Find-CultureTrouble "$prelude
                `$null = Connect-AgentOps -Store (Join-Path '$root' ([cultureinfo]::CurrentCulture.Name + '.store'))
                `$null = Import-AgentOpsConfiguration -LiteralPath '$workspaceFile'
                `$null = Set-AgentOpsAgent -Name HOST-WATCH -Budget 1.5
                `$result = Invoke-AgentOpsAgent host-watch 'Look after this host.'
                `$text = Join-Path '$root' ([cultureinfo]::CurrentCulture.Name + '.yaml')
                `$null = Export-AgentOpsConfiguration -LiteralPath `$text
                [string]::Format([cultureinfo]::InvariantCulture, '{0} {1} {2} {3}', `$result.Status, `$result.Cost -gt 0, `$result.Refusals, (Get-AgentOpsAgent Host-Watch).Budget)
                Get-Content -LiteralPath `$text -Raw" | Should -BeNullOrEmpty
        }
        finally {
            Remove-Item -LiteralPath $root -Recurse -Force
        }
    }

    It 'is isolated from another version of a dependency that is loaded already (38)' {
        $store = Get-TestStore
        try {
            # The other YamlDotNet: an assembly of that name and another version, in PowerShell's own context.
            Invoke-FreshPowerShell "$prelude
                `$name = [Reflection.AssemblyName]::new('YamlDotNet'); `$name.Version = '1.2.3.4'
                `$builder = [Reflection.Emit.PersistedAssemblyBuilder]::new(`$name, [object].Assembly)
                `$null = `$builder.DefineDynamicModule('YamlDotNet').DefineType('Other').CreateType()
                `$path = Join-Path '$store' 'YamlDotNet.dll'
                `$builder.Save(`$path)
                `$null = [Reflection.Assembly]::LoadFrom(`$path)
                `$null = Connect-AgentOps -Store (Join-Path '$store' 'store')
                `$null = Import-AgentOpsConfiguration -LiteralPath '$workspaceFile'
                (([AppDomain]::CurrentDomain.GetAssemblies().Where({ `$_.GetName().Name -eq 'YamlDotNet' }) |
                    ForEach-Object { [Runtime.Loader.AssemblyLoadContext]::GetLoadContext(`$_).Name + ' ' + (`$_.GetName().Version -eq '1.2.3.4') }) | Sort-Object) -join ','" |
                Should -BeExactly 'AgentOps False,Default True'
        }
        finally {
            Remove-Item -LiteralPath $store -Recurse -Force
        }
    }

    It 'loads no dependency in PowerShell''s own context (38)' {
        $store = Get-TestStore
        try {
            Invoke-FreshPowerShell "$prelude
                `$null = Connect-AgentOps -Store '$store'
                `$null = Import-AgentOpsConfiguration -LiteralPath '$workspaceFile'
                `$null = Invoke-AgentOpsAgent host-watch 'Look after this host.'
                ([Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.GetName().Name.Where({ `$_ -match '^(AgentOps|YamlDotNet|Polly|Microsoft\.Extensions)' }) | Sort-Object) -join ','" |
                Should -BeExactly 'AgentOps'
        }
        finally {
            Remove-Item -LiteralPath $store -Recurse -Force
        }
    }
}
