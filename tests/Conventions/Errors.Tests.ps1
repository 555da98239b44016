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
    . (Join-Path $PSScriptRoot 'Behaviour.ps1')
    $store = Get-TestStore
    Initialize-ExampleWorkspace -Store $store
    $null = Connect-AgentOps -Store $store
    Set-AgentOpsBudget watch-day 10
    Register-AgentOpsTool -Name remember -Memory Remember
    Register-ScriptedAgent -Name keeper -Tool remember -Step @{ call = @{ tool = 'remember'; arguments = @{ Name = 'plan'; Value = 'keep' } } }, @{ say = 'done' }
    $null = Grant-AgentOpsPermission -Agent keeper -Resource tool:remember
    $null = Invoke-AgentOpsAgent keeper go

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
        'Receive-AgentOpsBatch'        = @{ Id = 'none' }
        'Stop-AgentOpsBatch'           = @{ Id = 'none' }
        'Export-AgentOpsReport'        = @{ LiteralPath = (Join-Path $store 'report.html'); InputObject = (Get-AgentOpsProvider) }
        'Measure-AgentOpsRoute'        = @{ Name = 'default' }
        'Measure-AgentOpsAgent'        = @{ Suite = 'ops'; Count = 1 }
        'Measure-AgentOpsRouter'       = @{ LiteralPath = (Join-Path $store 'scores.csv') }
        'Register-AgentOpsPerson'      = @{ Name = 'carol'; LiteralPath = (Join-Path $RepositoryRoot 'LICENSE') }
        'Unregister-AgentOpsPerson'    = @{ Name = 'carol' }
        'Export-AgentOpsIdentity'      = @{ LiteralPath = (Join-Path $store 'jwks.json') }
        'Update-AgentOpsIdentity'      = @{ Agent = 'host-watch' }
        'New-AgentOpsToken'            = @{ Agent = 'host-watch' }
        'Export-AgentOpsConfiguration' = @{ LiteralPath = (Join-Path $store 'workspace.yaml') }
        'Remove-AgentOpsMemory'        = @{ Name = 'plan'; Agent = 'keeper' }
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
    It '<Name> is silent about a pattern without a match, gives one mendable error for each literal miss, and goes on (10, 20, 21, 22)' -ForEach $byName {
        Find-NameTrouble $Name $Parameter | Should -BeNullOrEmpty
    }

    It '<Name> takes names without regard to case and gives each item once (17)' -ForEach $byName {
        Find-CaseTrouble $Name $Parameter | Should -BeNullOrEmpty
    }
}

Describe 'Changes' {
    It '<Name> under -WhatIf writes nothing (14)' -ForEach $changing {
        $calls.ContainsKey($Name) | Should -BeTrue -Because "every changing cmdlet is tried here, $Name too"
        Find-WhatIfTrouble $Name $calls[$Name] { (Get-AgentOpsContext).Records } | Should -BeNullOrEmpty
    }
}

Describe 'Errors' {
    It 'are never raw, whatever the input (19, 20, 21, 23, 43)' {
        $table = [IO.File]::ReadAllText((Join-Path $RepositoryRoot 'docs/guides/errors.md'))
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
        foreach ($attempt in $attempts) { Find-ErrorTrouble $attempt $table | Should -BeNullOrEmpty }
    }

    It 'do not stop the next item (22)' {
        $found = 'north', 'bad name', 'south' | New-AgentOpsAgent -Route default -ErrorAction SilentlyContinue -ErrorVariable problems
        $found.Name | Should -Be 'north', 'south'
        $problems.Count | Should -Be 1
    }

    It 'come in a non-interactive host at once; nothing asks (16)' {
        Find-PromptTrouble "Import-Module '$ManifestPath'; `$null = Connect-AgentOps -Store '$store'; Remove-AgentOpsAgent north" 'ConfirmationUnavailable' | Should -BeNullOrEmpty
    }

    It 'come from every cmdlet that would ask before it destroys something, each within a second (16)' {
        $destroying = Get-ModuleCommand | Where-Object { $_.ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $true)[0].ConfirmImpact -eq 'High' } | ForEach-Object Name
        $destroying.Count | Should -BeGreaterThan 3
        $asked = Join-Path $store 'asked.json'
        $destroying | ForEach-Object { @{ Name = $_; Arguments = $calls[$_] } } | ConvertTo-Json -AsArray -Depth 4 | Set-Content -LiteralPath $asked
        $output = Invoke-FreshPowerShell "Import-Module '$ManifestPath'; `$null = Connect-AgentOps -Store '$store'
            foreach (`$one in Get-Content -Raw -LiteralPath '$asked' | ConvertFrom-Json -AsHashtable) {
                `$arguments = `$one.Arguments
                `$clock = [Diagnostics.Stopwatch]::StartNew()
                `$ids = & `$one.Name @arguments 2>&1 | ForEach-Object { `$_.FullyQualifiedErrorId -replace ',.*' }
                `$one.Name + ' ' + (`$ids -join '+') + ' ' + (`$clock.Elapsed.TotalSeconds -lt $([math]::Ceiling(1 + (Get-Slack))))
            }
            exit 0"
        $output -split '\r?\n' | Should -Be @($destroying | ForEach-Object { "$_ ConfirmationUnavailable True" })
    }

    It 'leave nothing behind in the background, after a failure as after an early end (24)' {
        Find-BackgroundFault "Import-Module '$ManifestPath'; `$null = Connect-AgentOps -Store '$store'
            Invoke-AgentOpsAgent host-watch hello -Stream | Select-Object -First 1; Invoke-AgentOpsAgent nobody hello
            `$null = Register-AgentOpsProvider -Name closed -Kind openai -Uri http://127.0.0.1:9/v1; Set-AgentOpsRoute -Name closed -Target closed/m; `$null = New-AgentOpsAgent -Name closed -Route closed
            Invoke-AgentOpsAgent closed hello -OperationTimeoutSeconds 5" | Should -BeNullOrEmpty
    }
}
