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

    It 'tells what an agent can reach, as the decisions do' {
        $reach = Test-AgentOpsPermission host-watch -Detailed
        $reach | Should -BeOfType AgentOps.Output.Reach
        $reach.Resource | Should -Contain 'tool:Restart-Service'
        ($reach | Where-Object Resource -EQ 'tool:Restart-Service').Level | Should -Be 'None'
        ($reach | Where-Object Resource -EQ 'tool:Get-HostUptime').Level | Should -Be 'Full'
        ($reach | Where-Object Resource -EQ 'tool:Get-HostFile').Level | Should -Be 'Conditional'
        ($reach | Where-Object Resource -EQ 'tool:Get-HostFile').Permit | Should -Match '/etc/hosts'
        (Test-AgentOpsPermission host-watch tool:Get-HostFile @{ Path = '/etc/shadow' } -Detailed).Reach | Should -Be 'Conditional'
    }

    It 'tells who may use a resource' {
        (Test-AgentOpsPermission -Resource tool:get-hostfile -Detailed).Agent | Should -Be 'host-watch'
        Test-AgentOpsPermission -Resource tool:Restart-Service -Detailed | Should -BeNullOrEmpty
        { Test-AgentOpsPermission -Resource tool:Nothing -Detailed -ErrorAction Stop } | Should -Throw -ErrorId 'ToolNotFound,*'
    }
}
