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

Describe 'Set-AgentOpsAgent' {
    It 'changes what is given and leaves the rest' {
        $before = Get-AgentOpsAgent host-watch
        $after = Set-AgentOpsAgent HOST-WATCH -Budget 9 -PassThru
        $after.Name | Should -BeExactly 'host-watch'
        $after.Budget | Should -Be 9
        $after.Instructions | Should -BeExactly $before.Instructions
        $after.Tool | Should -Be $before.Tool
        $after.MaxSteps | Should -Be $before.MaxSteps
    }

    It 'gives nothing without -PassThru, and binds from Get- by property name (12)' {
        Get-AgentOpsAgent host-watch | Set-AgentOpsAgent -MaxSteps 4 | Should -BeNullOrEmpty
        (Get-AgentOpsAgent host-watch).MaxSteps | Should -Be 4
    }
}
