BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    Initialize-ExampleWorkspace -Store $store
    $null = Connect-AgentOps -Store $store
    function Get-Payload { Get-ChildItem -LiteralPath (Join-Path $store 'blobs') -Recurse -File }
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Remove-AgentOpsPayload' {
    It 'erases nothing under -WhatIf, nor what is newer' {
        $before = @(Get-Payload).Count
        $before | Should -BeGreaterThan 0
        Remove-AgentOpsPayload -OlderThan ([DateTimeOffset]::UtcNow.AddDays(1)) -WhatIf
        (Remove-AgentOpsPayload -OlderThan ([DateTimeOffset]::UtcNow.AddDays(-1)) -Confirm:$false -PassThru).Erased | Should -Be 0
        @(Get-Payload).Count | Should -Be $before
    }

    It 'erases what is older, records it, and leaves the ledger whole' {
        $before = @(Get-Payload).Count
        $result = Remove-AgentOpsPayload -OlderThan ([DateTimeOffset]::UtcNow.AddMinutes(1)) -Confirm:$false -PassThru
        $result.Erased | Should -Be $before
        @(Get-Payload).Count | Should -Be 0
        (Get-AgentOpsAudit -Tail 1).Type | Should -Be 'ledger.payloads-erased'
        Test-AgentOpsLedger | Should -BeExactly $true
    }
}
