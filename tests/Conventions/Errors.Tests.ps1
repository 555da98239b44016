BeforeDiscovery {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $commands = Get-ModuleCommand
    $byName = foreach ($command in $commands | Where-Object Verb -EQ Get) {
        $parameter = @('Name', 'Id').Where({ $command.Parameters.ContainsKey($_) })
        if ($parameter) { @{ Name = $command.Name; Parameter = $parameter[0] } }
    }
    $changing = $commands | Where-Object { $_.Parameters.ContainsKey('WhatIf') } | ForEach-Object { @{ Name = $_.Name; Command = $_ } }
}

BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    Initialize-ExampleWorkspace -Store $store
    $null = Connect-AgentOps -Store $store
    Set-AgentOpsBudget watch-day 10

    # What each changing cmdlet needs to have something to do. A new one has to be added here.
    $calls = @{
        'New-AgentOpsAgent'            = @{ Name = 'fresh'; Route = 'default' }
        'Set-AgentOpsAgent'            = @{ Name = 'host-watch'; Budget = 7 }
        'Remove-AgentOpsAgent'         = @{ Name = 'host-watch' }
        'Suspend-AgentOpsAgent'        = @{ Name = 'host-watch' }
        'Resume-AgentOpsAgent'         = @{ Name = 'host-watch' }
        'Invoke-AgentOpsAgent'         = @{ Name = 'host-watch'; Prompt = 'hello' }
        'Grant-AgentOpsPermission'     = @{ Agent = 'host-watch'; Resource = 'tool:Get-HostUptime' }
        'Revoke-AgentOpsPermission'    = @{ Id = 'host-watch/look' }
        'Register-AgentOpsTool'        = @{ Command = 'Get-Date' }
        'Unregister-AgentOpsTool'      = @{ Name = 'Remove-ScratchFolder' }
        'Register-AgentOpsProvider'    = @{ Name = 'another'; Kind = 'simulated' }
        'Unregister-AgentOpsProvider'  = @{ Name = 'rehearsal' }
        'Set-AgentOpsRoute'            = @{ Name = 'another'; Target = 'rehearsal/operator-1' }
        'Set-AgentOpsBudget'           = @{ Name = 'all'; Max = 10 }
        'Remove-AgentOpsBudget'        = @{ Name = 'watch-day' }
        'Remove-AgentOpsRoute'         = @{ Name = 'default' }
        'Stop-AgentOpsSession'         = @{ Id = (Get-AgentOpsSession | Select-Object -First 1).Id }
        'Undo-AgentOpsSession'         = @{ Id = (Get-AgentOpsSession | Select-Object -First 1).Id }
        'Resume-AgentOpsSession'       = @{ Id = (Get-AgentOpsSession | Select-Object -First 1).Id }
        'Approve-AgentOpsRequest'      = @{ Id = 'none' }
        'Deny-AgentOpsRequest'         = @{ Id = 'none' }
        'Export-AgentOpsLedger'        = @{ LiteralPath = (Join-Path $store 'export.jsonl') }
        'Backup-AgentOpsStore'         = @{ LiteralPath = (Join-Path $store 'backup.zip') }
        'Restore-AgentOpsStore'        = @{ LiteralPath = (Join-Path $store 'backup.zip'); Store = (Join-Path $store 'restored') }
        'Invoke-AgentOpsRoute'         = @{ Name = 'default'; Prompt = 'hello' }
        'Export-AgentOpsReport'        = @{ LiteralPath = (Join-Path $store 'report.html'); InputObject = (Get-AgentOpsProvider) }
        'Measure-AgentOpsRoute'        = @{ Name = 'default' }
        'Measure-AgentOpsAgent'        = @{ Suite = 'ops'; Count = 1 }
        'Export-AgentOpsIdentity'      = @{ LiteralPath = (Join-Path $store 'jwks.json') }
        'Update-AgentOpsIdentity'      = @{ Agent = 'host-watch' }
        'Export-AgentOpsConfiguration' = @{ LiteralPath = (Join-Path $store 'workspace.yaml') }
        'Remove-AgentOpsPayload'       = @{ OlderThan = [DateTimeOffset]::UtcNow }
        'Update-AgentOpsLedgerKey'     = @{}
        'Import-AgentOpsConfiguration' = @{ LiteralPath = (Join-Path $RepositoryRoot 'module/quickstart/workspace.yaml') }
    }
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Names' {
    It '<Name> is silent about a pattern without a match (10)' -ForEach $byName {
        $arguments = @{ $Parameter = 'no-such-*' }
        & $Name @arguments -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -BeNullOrEmpty
    }

    It '<Name> gives one mendable error for each literal miss, and goes on (10, 20, 21, 22)' -ForEach $byName {
        $arguments = @{ $Parameter = 'no-such-one', 'no-such-two' }
        & $Name @arguments -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems.Count | Should -Be 2
        $problems[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $problems[0].FullyQualifiedErrorId | Should -Match '^\w+NotFound,AgentOps\.Commands\.'
        $problems[0].TargetObject | Should -Be 'no-such-one'
        $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It '<Name> takes names without regard to case and gives each item once (17)' -ForEach $byName {
        $all = @(& $Name)
        if ($all) {
            $one = $all[0].$Parameter
            $arguments = @{ $Parameter = $one.ToUpperInvariant(), $one.ToLowerInvariant(), '*' }
            @(& $Name @arguments).Count | Should -Be $all.Count
        }
    }
}

Describe 'Changes' {
    It '<Name> under -WhatIf writes nothing (14)' -ForEach $changing {
        $calls.ContainsKey($Name) | Should -BeTrue -Because "every changing cmdlet is tried here, $Name too"
        $arguments = $calls[$Name]
        $records = (Get-AgentOpsContext).Records
        & $Name @arguments -WhatIf -ErrorAction SilentlyContinue 6>$null | Out-Null
        (Get-AgentOpsContext).Records | Should -Be $records
    }
}

Describe 'Errors' {
    It 'are never raw, whatever the input (19, 23)' {
        $problems = @()
        $attempts = @(
            { Invoke-AgentOpsAgent nobody hello }
            { New-AgentOpsAgent 'bad name' default }
            { New-AgentOpsAgent good no-such-route }
            { Register-AgentOpsTool -Command No-SuchCommand }
            { Register-AgentOpsTool -Command Invoke-Expression }
            { Register-AgentOpsTool -Command ForEach-Object }
            { Grant-AgentOpsPermission nobody tool:x }
            { Grant-AgentOpsPermission host-watch nonsense }
            { Grant-AgentOpsPermission host-watch tool:Get-HostUptime -Argument @{ Path = @{ type = 'nonsense' } } }
            { Set-AgentOpsRoute r nonsense }
            { Set-AgentOpsRoute r nobody/model }
            { Import-AgentOpsConfiguration -LiteralPath ./no-such-file.yaml }
            { Import-AgentOpsConfiguration -LiteralPath NoSuchDrive:/x.yaml }
            { Stop-AgentOpsSession no-such-session }
            { Test-AgentOpsPermission nobody tool:x }
            { Test-AgentOpsLedger -Anchor ./no-such-file }
        )
        $table = [IO.File]::ReadAllText((Join-Path $RepositoryRoot 'docs/guides/errors.md'))
        foreach ($attempt in $attempts) {
            $found = @(& { $ErrorActionPreference = 'Continue'; & $attempt } 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })
            $found.Count | Should -BeGreaterThan 0 -Because "$attempt is wrong"
            $problems += $found
        }
        foreach ($problem in $problems) {
            $id = ($problem.FullyQualifiedErrorId -split ',')[0]
            $id | Should -Not -Be 'InternalError' -Because "$($problem.InvocationInfo.Line): $problem"
            $problem.Exception.GetType().Name | Should -BeExactly 'AgentOpsException' -Because $problem.InvocationInfo.Line
            $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            "$problem" | Should -Not -Match '\n\s+at '
            $table | Should -Match "(?m)^\| ``$id``" -Because 'each id is documented with its mend (43)'
        }
    }

    It 'do not stop the next item (22)' {
        $found = 'north', 'bad name', 'south' | New-AgentOpsAgent -Route default -ErrorAction SilentlyContinue -ErrorVariable problems
        $found.Name | Should -Be 'north', 'south'
        $problems.Count | Should -Be 1
    }

    It 'are all documented, and none is documented that is not (43)' {
        $assembly = (Get-AgentOpsContext).GetType().Assembly.GetReferencedAssemblies().Where({ $_.Name -eq 'AgentOps.Engine' })[0]
        $codes = [Runtime.Loader.AssemblyLoadContext]::All.Where({ $_.Name -eq 'AgentOps' })[0].LoadFromAssemblyName($assembly).GetType('AgentOps.Engine.Errors.ErrorCodes')
        $ids = $codes.GetFields([Reflection.BindingFlags] 'Public, Static').ForEach({ $_.GetValue($null).Id }) | Sort-Object -Unique
        $documented = [regex]::Matches([IO.File]::ReadAllText((Join-Path $RepositoryRoot 'docs/guides/errors.md')), '(?m)^\| `(\w+)`').ForEach({ $_.Groups[1].Value }) | Sort-Object
        $documented -join ' ' | Should -BeExactly ($ids -join ' ')
    }

    It 'come in a non-interactive host within a second; nothing asks (16)' {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $output = Invoke-FreshPowerShell "Import-Module '$ManifestPath'; `$null = Connect-AgentOps -Store '$store'; Remove-AgentOpsAgent north 2>&1 | ForEach-Object { `$_.FullyQualifiedErrorId }; exit 0"
        $clock.Elapsed.TotalSeconds | Should -BeLessThan (10 + (Get-Slack))
        $output | Should -BeLike 'ConfirmationUnavailable,*'
    }
}
