BeforeDiscovery {
    . (Join-Path $PSScriptRoot '../common.ps1')
    . (Join-Path $PSScriptRoot 'Rules.ps1')
    . (Join-Path $PSScriptRoot 'ModuleRules.ps1')
    $rules = $Rules.Keys | ForEach-Object { @{ Rule = $_ } }
    $documents = $DocumentRules.Keys | ForEach-Object { @{ Rule = $_ } }
    $whole = $ModuleRules.Keys | ForEach-Object { @{ Rule = $_; Skip = $_ -match '\(41\)' -and -not (Get-Module -ListAvailable PSScriptAnalyzer) } }
}

BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    . (Join-Path $PSScriptRoot 'Rules.ps1')
    . (Join-Path $PSScriptRoot 'ModuleRules.ps1')
    . (Join-Path $PSScriptRoot 'Behaviour.ps1')

    # A module that breaks every rule, on disk as a real one.
    $root = Join-Path ([IO.Path]::GetTempPath()) "agentops-offenders-$([guid]::NewGuid().ToString('n'))"
    foreach ($folder in 'docs', 'src', 'deps') { $null = [IO.Directory]::CreateDirectory((Join-Path $root $folder)) }
    $assembly = Join-Path $root 'Offenders.dll'
    Add-Type -LiteralPath (Join-Path $PSScriptRoot 'Offender.cs') -OutputAssembly $assembly -ReferencedAssemblies ([psobject].Assembly.Location), 'System.Runtime', 'System.Collections', 'System.Collections.NonGeneric', 'System.Threading', 'System.Threading.Thread', 'System.Reflection.Emit', 'System.Reflection.Primitives', 'System.Net.Http', 'System.Net.Primitives', 'System.ComponentModel', 'System.Text.RegularExpressions', 'System.Linq', ([Microsoft.PowerShell.Commands.WebResponseObject].Assembly.Location)
    $manifest = Join-Path $root 'Offenders.psd1'
    "@{ RootModule = 'Offenders.dll'; ModuleVersion = '1.0'; CmdletsToExport = '*'; FunctionsToExport = '*'; AliasesToExport = @('ls2'); VariablesToExport = '*'; DefaultCommandPrefix = '' }" | Set-Content -LiteralPath $manifest
    'gci | % { $_ }' | Set-Content -LiteralPath (Join-Path $root 'sloppy.ps1')
    'class A { void B() => System.Console.WriteLine(); }' | Set-Content -LiteralPath (Join-Path $root 'src/A.cs')
    Copy-Item -LiteralPath ([object].Assembly.Location) -Destination (Join-Path $root 'deps')
    '# Nothing changed' | Set-Content -LiteralPath (Join-Path $root 'CHANGELOG.md')
    "| ``Undocumented`` | | |`n" | Set-Content -LiteralPath (Join-Path $root 'errors.md')
    "# Something-Else`n`n## PARAMETERS`n`n### -Gone`n`n## EXAMPLES`n`n### Example 1: Broken`n`n``````powershell`nif (`n``````" | Set-Content -LiteralPath (Join-Path $root 'docs/Get-AgentOpsOffender.md')
    $columns = (1..7 | ForEach-Object { '<TableColumnHeader><Width>30</Width></TableColumnHeader>' }) -join ''
    "<Configuration><ViewDefinitions><View><Name>Shown</Name><ViewSelectedBy><TypeName>Offenders.Shown</TypeName></ViewSelectedBy><TableControl><TableHeaders>$columns</TableHeaders><TableRowEntries><TableRowEntry><TableColumnItems><TableColumnItem><PropertyName>Missing</PropertyName></TableColumnItem></TableColumnItems></TableRowEntry></TableRowEntries></TableControl></View></ViewDefinitions></Configuration>" |
        Set-Content -LiteralPath (Join-Path $root 'Offenders.Format.ps1xml')

    # The module writes at import, as rule 32 forbids: not into the store of other tests.
    $storeOfTests = $env:AGENTOPS_HOME
    $env:AGENTOPS_HOME = Join-Path $root 'home'
    $null = Import-Module $manifest -PassThru -DisableNameChecking
    $commands = @(Get-Command -Module Offenders)
    $offenders = @{
        Root = $root; Manifest = $manifest; Docs = Join-Path $root 'docs'; Source = Join-Path $root 'src'; Format = Join-Path $root 'Offenders.Format.ps1xml'
        Dependencies = Join-Path $root 'deps'; Changelog = Join-Path $root 'CHANGELOG.md'; ErrorGuide = Join-Path $root 'errors.md'
        ErrorIds = @('Undocumented'); Commands = $commands; Topics = @('about_Offenders')
    }
    $import = "Import-Module '$manifest' -DisableNameChecking; "
    $table = [IO.File]::ReadAllText((Join-Path $RepositoryRoot 'docs/guides/errors.md'))
}

AfterAll {
    $env:AGENTOPS_HOME = $storeOfTests
    Remove-Module Offenders
    Remove-Item -LiteralPath $root -Recurse -Force
}

Describe 'Each rule' {
    It 'has an offender, and a row that says where' {
        $tried = @($Rules.Keys) + @($ModuleRules.Keys) + @($DocumentRules.Keys) + [IO.File]::ReadAllLines((Join-Path $PSScriptRoot 'Offenders.Tests.ps1')) -match "^(?! *It 'has)"
        $tried += [IO.File]::ReadAllText((Join-Path $RepositoryRoot 'tests/Unit/AgentOps.Engine.Tests/Permissions/PolicyProperties.cs')) -match 'planted offenders: engines' ? "(18)'" : ''
        $numbers = [regex]::Matches($tried -join "`n", "\(([\d, ]+)\)(?='|`$)", 'Multiline').ForEach({ $_.Groups[1].Value -split ', ' }) | ForEach-Object { [int] $_ } | Sort-Object -Unique
        $numbers | Should -Be (1..45)
        $rows = [regex]::Matches([IO.File]::ReadAllText((Join-Path $RepositoryRoot 'docs/design/rules.md')), '(?m)^\| (\d+) \| [^|]+ \| [^|]+ \| [^|]+ \|$').ForEach({ [int] $_.Groups[1].Value })
        $rows | Should -Be (1..45)
    }

    It 'fails on a planted offender: <Rule>' -ForEach $rules {
        $found = foreach ($command in $commands) { & $Rules[$Rule] $command }
        $found | Should -Not -BeNullOrEmpty
    }

    It 'fails on a planted offender: <Rule>' -ForEach $documents {
        & $DocumentRules[$Rule] $offenders (Get-Command Get-AgentOpsOffender) | Should -Not -BeNullOrEmpty
    }

    It 'fails on a planted offender: <Rule>' -ForEach $whole {
        if ($Skip) { Set-ItResult -Skipped -Because 'PSScriptAnalyzer is not installed' }
        & $ModuleRules[$Rule] $offenders | Should -Not -BeNullOrEmpty
    }

    It 'fails on a planted offender: names (10, 20, 21, 22)' {
        $found = Find-NameTrouble Get-AgentOpsOffender Name
        foreach ($number in 10, 20, 21, 22) { $found -match "^${number}: " | Should -Not -BeNullOrEmpty -Because $number }
    }

    It 'fails on a planted offender: case (17)' {
        Find-CaseTrouble Get-AgentOpsOffender Name | Should -Match '^17: '
    }

    It 'fails on a planted offender: writes under -WhatIf (14)' {
        Find-WhatIfTrouble Set-AgentOpsOffender @{ Name = 'x' } { [Offenders.SetOffender]::Written } | Should -Match '^14: '
    }

    It 'fails on a planted offender: raw, undocumented, unmendable errors, and wrong input that passes (19, 21, 23, 43)' {
        $found = Find-ErrorTrouble { Invoke-AgentOpsOffender raw } $table
        foreach ($number in 21, 23, 43) { $found -match "^${number}: " | Should -Not -BeNullOrEmpty -Because $number }
        Find-ErrorTrouble { Invoke-AgentOpsOffender silent } $table | Should -Match '^19: '
    }

    It 'fails on a planted offender: waits where nobody is (16)' {
        Find-PromptTrouble "$import Remove-AgentOpsOffender" 'ConfirmationUnavailable' -TimeoutSeconds 5 | Should -Match '^16: .*did not end'
    }

    It 'fails on a planted offender: an exception left behind (24)' {
        Find-BackgroundFault "$import Invoke-AgentOpsOffender background" | Should -Match '^24: .*left behind'
    }

    It 'fails on a planted offender: writes from another thread (25)' {
        Find-ThreadTrouble { Invoke-AgentOpsOffender thread } | Should -Match '^25: '
    }

    It 'fails on a planted offender: progress stays open (27)' {
        Find-OpenProgress "$import Invoke-AgentOpsOffender progress" | Should -Match '^27: '
    }

    It 'fails on a planted offender: deaf to a stop (28)' {
        Find-StopTrouble "$import Invoke-AgentOpsOffender deaf" | Should -Match '^28: '
    }

    It 'fails on a planted offender: all output at the end (29)' {
        Find-LateOutput { Invoke-AgentOpsOffender late } { $true } | Should -Match '^29: '
    }

    It 'fails on a planted offender: tells a secret (30)' {
        Find-Leak 'canary-offended' -Folder $root -Attempt { Invoke-AgentOpsOffender leak canary-offended -Verbose } | Should -Match '^30: '
    }

    It 'fails on a planted offender: an import that loads and writes (31, 32)' {
        $found = Find-ImportTrouble $manifest ([Reflection.AssemblyName]::GetAssemblyName($assembly).Name)
        $found -match '^31: .*Extra' | Should -Not -BeNullOrEmpty
        $found -match '^32: ' | Should -Not -BeNullOrEmpty
    }

    It 'fails on a planted offender: works once only (33)' {
        $env:OFFENDERS_ONCE = '1'
        try { Find-ReimportTrouble $manifest Get-AgentOpsOffender | Should -Match '(?s)^33: .*imported twice' }
        finally { Remove-Item Env:OFFENDERS_ONCE }
    }

    It 'fails on a planted offender: minds its path (34)' {
        Find-PathTrouble $root 'Offenders.psd1', 'Offenders.dll' Get-AgentOpsOffender | Should -Match '(?s)^34: .*a bracket'
    }

    It 'fails on a planted offender: <_> (35)' -ForEach 'language', 'strict' {
        Find-LanguageTrouble $manifest "Invoke-AgentOpsOffender $_" 'b' | Should -Match '^35: '
    }

    It 'fails on a planted offender: state between runspaces (36)' {
        Find-SharedState "Import-Module '$manifest' -DisableNameChecking; Invoke-AgentOpsOffender shared `$number" | Should -Match '^36: '
    }

    It 'fails on a planted offender: the culture shows (37)' {
        Find-CultureTrouble "$import Invoke-AgentOpsOffender culture" | Should -Match '^37: '
    }

    It 'fails on a planted offender: slow completion that is no single argument (40)' {
        $found = Find-CompletionTrouble 'Get-AgentOpsOffender -Name '
        $found -match 'ms$' | Should -Not -BeNullOrEmpty
        $found -match 'is not one argument' | Should -Not -BeNullOrEmpty
    }
}
