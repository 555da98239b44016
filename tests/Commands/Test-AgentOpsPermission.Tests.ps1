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

Describe 'Test-AgentOpsPermission' {
    It 'gives true, false, or the decision, and moves nothing' {
        $records = (Get-AgentOpsContext).Records
        Test-AgentOpsPermission host-watch tool:Get-HostFile @{ Path = '/etc/hosts' } | Should -BeExactly $true
        Test-AgentOpsPermission host-watch tool:Get-HostFile @{ Path = '/etc/shadow' } | Should -BeExactly $false
        $decision = Test-AgentOpsPermission host-watch tool:Restart-Service @{ Name = 'ssh' } -Detailed
        $decision.Outcome | Should -Be 'Deny'
        $decision.DecidingRule | Should -Be 'host-watch/no-restarts'
        $decision.Explanation | Should -Match 'Forbid host-watch/no-restarts'
        (Get-AgentOpsContext).Records | Should -Be $records
    }

    It 'decides for each agent, and errs about the one that does not exist' {
        $answers = 'host-watch', 'nobody', 'host-watch' | Test-AgentOpsPermission -Resource tool:Get-HostUptime -ErrorVariable problems -ErrorAction SilentlyContinue
        $answers | Should -Be $true, $true
        $problems[0].TargetObject | Should -Be 'nobody'
    }
}
