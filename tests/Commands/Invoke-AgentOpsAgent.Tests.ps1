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

Describe 'Invoke-AgentOpsAgent' {
    It 'gives a result with cost and evidence' {
        $result = Invoke-AgentOpsAgent host-watch 'Look after this host.' -Task nightly
        $result.Status | Should -Be 'Completed'
        $result.ToolCalls | Should -Be 4
        $result.Refusals | Should -Be 2
        $result.Cost | Should -BeGreaterThan 0
        $result.Cost | Should -BeOfType ([decimal])
        @(Get-AgentOpsAudit -Session $result.Session).Count | Should -Be ($result.LastSequence - $result.FirstSequence + 1)
        (Measure-AgentOpsUsage -By Task | Where-Object Key -EQ nightly).Cost | Should -Be $result.Cost
    }

    It 'makes each prompt from the pipeline a session of its own' {
        @('one', 'two' | Invoke-AgentOpsAgent host-watch | Select-Object -ExpandProperty Session -Unique).Count | Should -Be 2
    }

    It 'with -PlanOnly changes nothing and lists what it would' {
        $events = Invoke-AgentOpsAgent host-watch 'Look after this host.' -PlanOnly -Stream
        @($events | Where-Object Kind -EQ ToolPlanned).Tool | Should -Contain 'New-ScratchFolder'
        @($events | Where-Object Kind -EQ ToolStarted).Tool | Should -Not -Contain 'New-ScratchFolder'
    }

    It 'keeps bounds tighter than the agent''s own' {
        (Invoke-AgentOpsAgent host-watch 'Look after this host.' -MaxSteps 2).Status | Should -Be 'LimitReached'
    }
}
