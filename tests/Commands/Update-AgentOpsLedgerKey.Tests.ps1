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

Describe 'Update-AgentOpsLedgerKey' {
    It 'changes nothing under -WhatIf' {
        $records = (Get-AgentOpsContext).Records
        Update-AgentOpsLedgerKey -WhatIf | Should -BeNullOrEmpty
        (Get-AgentOpsContext).Records | Should -Be $records
    }

    It 'signs with the new key from then on, and both keys verify the whole' {
        $old = (Test-AgentOpsLedger -Detailed).VerifierKey
        $new = Update-AgentOpsLedgerKey
        $new.VerifierKey | Should -Not -Be $old
        $null = Suspend-AgentOpsAgent host-watch
        $report = Test-AgentOpsLedger -Detailed
        $report.Fault | Should -BeNullOrEmpty
        $report.VerifierKey | Should -Be $new.VerifierKey
        (Get-AgentOpsAudit -Tail 1).Sequence | Should -Be $new.FromSequence
        Test-AgentOpsLedger -VerifierKey $old | Should -BeExactly $true
    }
}
