BeforeDiscovery {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $named = foreach ($command in Get-ModuleCommand) {
        foreach ($parameter in Get-OwnParameter $command | Where-Object { $_.Name -in 'Name', 'Agent', 'Tool', 'Route', 'Id', 'Session', 'Resource', 'Compensation' }) {
            $isNew = ($command.Verb -in 'New', 'Register' -and $parameter.Name -eq 'Name') -or ($command.Verb -eq 'Grant' -and $parameter.Name -eq 'Id')
            if (-not $isNew) { @{ Name = $command.Name; Parameter = $parameter.Name } }
        }
    }
}

BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    . (Join-Path $PSScriptRoot 'Behaviour.ps1')
    $store = Get-TestStore
    Initialize-ExampleWorkspace -Store $store
    $null = Connect-AgentOps -Store $store
    $null = Grant-AgentOpsPermission -Agent host-watch -Effect Require -Resource tool:Get-HostUptime -Id ask -Obligation @{ approval = @{ quorum = 1; timeout = 'PT1M' } }
    $null = Invoke-AgentOpsAgent host-watch hello -NoWait
    $null = 'hello' | Invoke-AgentOpsRoute default -Batch -NoWait
    $null = Set-AgentOpsBudget watch-day 10
    Register-AgentOpsTool -Name remember -Memory Remember
    Register-ScriptedAgent -Name keeper -Tool remember -Step @{ call = @{ tool = 'remember'; arguments = @{ Name = 'plan'; Value = 'keep' } } }, @{ say = 'done' }
    $null = Grant-AgentOpsPermission -Agent keeper -Resource tool:remember
    $null = Invoke-AgentOpsAgent keeper go
    $public = Join-Path $store 'person.pem'
    [Security.Cryptography.ECDsa]::Create([Security.Cryptography.ECCurve]::CreateFromFriendlyName('nistP256')).ExportSubjectPublicKeyInfoPem() | Set-Content -LiteralPath $public
    $null = Register-AgentOpsPerson -Name carol -LiteralPath $public
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Completion' {
    It '<Name> -<Parameter> completes within 200 ms (40)' -ForEach $named {
        Find-CompletionTrouble "$Name -$Parameter " | Should -BeNullOrEmpty
    }

    It 'never throws, also where there is no store (40)' {
        $null = Connect-AgentOps -Store $store
        $file = Join-Path $store 'file'
        'text' | Set-Content -LiteralPath $file
        $output = Invoke-FreshPowerShell "Import-Module '$ManifestPath'; `$text = 'Get-AgentOpsAgent -Name '; (TabExpansion2 -inputScript `$text -cursorColumn `$text.Length).CompletionMatches.Count; 'quiet'" -Environment @{ AGENTOPS_HOME = $file }
        $output | Should -BeLike '*quiet'
    }

    It 'quotes what needs quotes (40)' {
        $null = Register-AgentOpsTool -Command Get-Date -Force -SideEffect None
        Find-CompletionTrouble 'Grant-AgentOpsPermission host-watch tool:Get-D' | Should -BeNullOrEmpty
        foreach ($match in Get-Completion 'Grant-AgentOpsPermission host-watch tool:Get-D') { $match.CompletionText | Should -BeExactly "'$($match.ListItemText)'" }
    }

    It 'stays within 200 ms at 1,000 agents (40)' {
        $many = Get-TestStore
        try {
            $null = Connect-AgentOps -Store $many
            $yaml = @(Get-Content -LiteralPath (Join-Path $RepositoryRoot 'module/quickstart/workspace.yaml') -Raw)
            $yaml += 1..1000 | ForEach-Object { "apiVersion: agentops/v1`nkind: Agent`nname: agent-$_`nroute: default" }
            $yaml -join "`n---`n" | Set-Content -LiteralPath (Join-Path $many 'many.yaml')
            $null = Import-AgentOpsConfiguration -LiteralPath (Join-Path $many 'many.yaml')
            $null = Get-Completion 'Get-AgentOpsAgent -Name agent-99'
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $found = @(Get-Completion 'Get-AgentOpsAgent -Name agent-99')
            $clock.Elapsed.TotalMilliseconds | Should -BeLessThan (200 + 1000 * (Get-Slack))
            $found.Count | Should -Be 11
        }
        finally {
            $null = Connect-AgentOps -Store $store
            Remove-Item -LiteralPath $many -Recurse -Force
        }
    }
}
