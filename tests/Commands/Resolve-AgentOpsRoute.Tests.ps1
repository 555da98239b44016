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

Describe 'Resolve-AgentOpsRoute' {
    It 'explains every target and calls none' {
        Set-AgentOpsRoute two -Target rehearsal/cheap, rehearsal/dear -InputPrice 1 -OutputPrice 2
        $candidates = Resolve-AgentOpsRoute two 'How are you?'
        $candidates.Target | Should -Be 'rehearsal/cheap', 'rehearsal/dear'
        @($candidates | Where-Object Selected).Count | Should -Be 1
        $candidates[0].PredictedCost | Should -BeGreaterThan 0
        $candidates[0].Reason | Should -Not -BeNullOrEmpty
    }

    It 'knows what an agent may use' {
        (Resolve-AgentOpsRoute default 'x' -Agent host-watch).Selected | Should -Contain $true
        $other = Resolve-AgentOpsRoute two 'x' -Agent host-watch
        $other.Selected | Should -Not -Contain $true
        $other[0].Reason | Should -Match "Nothing permits agent 'host-watch' to use route 'two'"
        $null = Grant-AgentOpsPermission host-watch route:two
        (Resolve-AgentOpsRoute two 'x' -Agent host-watch).Selected | Should -Contain $true
        $null = Grant-AgentOpsPermission -Effect Forbid -Resource 'route:d*' -Id no-default
        (Resolve-AgentOpsRoute default 'x' -Agent host-watch).Reason | Should -Match 'no-default'
        { Resolve-AgentOpsRoute default 'x' -Agent nobody -ErrorAction Stop } | Should -Throw -ErrorId 'AgentNotFound,*'
    }
}
