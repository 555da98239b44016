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

Describe 'Remove-AgentOpsAgent' {
    It 'removes the agent and what names only it; the audit keeps it' {
        Get-AgentOpsAgent host-watch | Remove-AgentOpsAgent -Confirm:$false
        Get-AgentOpsAgent | Should -BeNullOrEmpty
        Get-AgentOpsPermission -Agent host-watch | Should -BeNullOrEmpty
        Get-AgentOpsAudit -Type agent.removed | Should -Not -BeNullOrEmpty
        Test-AgentOpsLedger | Should -BeTrue
    }
}
