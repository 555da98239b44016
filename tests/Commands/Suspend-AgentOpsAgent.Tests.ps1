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

Describe 'Suspend-AgentOpsAgent' {
    It 'takes the right to act, and Resume- gives it back' {
        Suspend-AgentOpsAgent host-watch -Reason review
        (Get-AgentOpsAgent host-watch).State | Should -Be 'Suspended'
        Invoke-AgentOpsAgent host-watch hello -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'AgentSuspended,*'
        (Resume-AgentOpsAgent host-watch -PassThru).State | Should -Be 'Active'
        (Get-AgentOpsAudit -Type agent.suspended -Tail 1).Data | Should -Match 'review'
    }
}
