BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    Initialize-ExampleWorkspace -Store $store
    $null = Connect-AgentOps -Store $store
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Get-AgentOpsAudit' {
    It 'filters by type, agent, session and time, and pages' {
        (Get-AgentOpsAudit -Type tool.refused).Count | Should -Be 2
        (Get-AgentOpsAudit host-watch -Type 'tool.*' | Group-Object Type).Name | Should -Be 'tool.completed', 'tool.refused', 'tool.started'
        $all = Get-AgentOpsAudit
        $all[0].Sequence | Should -Be 0
        (Get-AgentOpsAudit -First 3 -Skip 2).Sequence | Should -Be 2, 3, 4
        (Get-AgentOpsAudit -Tail 2).Sequence | Should -Be ($all.Count - 2), ($all.Count - 1)
        Get-AgentOpsAudit -After ([DateTimeOffset]::UtcNow.AddMinutes(5)) | Should -BeNullOrEmpty
        @(Get-AgentOpsAudit -Before ([DateTimeOffset]::UtcNow.AddMinutes(5))).Count | Should -Be $all.Count
        (Get-AgentOpsSession | Get-AgentOpsAudit | Select-Object -First 1).Type | Should -Be 'session.opened'
    }

    It 'gives times in UTC' {
        (Get-AgentOpsAudit -Tail 1).Time.Offset | Should -Be ([timespan]::Zero)
    }

    It 'follows what another process appends, and ends when the pipeline does' {
        $null = Start-ThreadJob -Name appends -ArgumentList $ManifestPath, $store {
            param($manifest, $store)
            Import-Module $manifest
            $null = Connect-AgentOps -Store $store
            foreach ($turn in 1..20) {
                $null = Suspend-AgentOpsAgent host-watch
                $null = Resume-AgentOpsAgent host-watch
                Start-Sleep -Milliseconds 100
            }
            Disconnect-AgentOps
        }
        try {
            $followed = Get-AgentOpsAudit -Tail 1 -Wait | Select-Object -First 5
            $followed.Sequence | Should -Be ($followed[0].Sequence..($followed[0].Sequence + 4))
            $followed.Type | Should -Contain 'agent.suspended'
        } finally {
            Get-Job -Name appends | Wait-Job -Timeout 20 | Remove-Job -Force
        }
    }
}
