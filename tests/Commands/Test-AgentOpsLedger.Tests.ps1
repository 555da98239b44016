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

Describe 'Test-AgentOpsLedger' {
    It 'is true for a whole ledger, here and from outside' {
        Test-AgentOpsLedger | Should -BeExactly $true
        Test-AgentOpsLedger -LiteralPath $store | Should -BeExactly $true
        $report = Test-AgentOpsLedger -Detailed
        $report.Records | Should -Be (Get-AgentOpsContext).Records
        (Test-AgentOpsLedger -Detailed -VerifierKey $report.VerifierKey).IsPinned | Should -BeTrue
    }

    It 'finds one changed byte, and says in which line' {
        $copy = Join-Path $store 'copy'
        Copy-Item -LiteralPath (Join-Path $store 'ledger') -Destination (Join-Path $copy 'ledger') -Recurse
        $log = Get-ChildItem -LiteralPath (Join-Path $copy 'ledger/log') -Filter *.jsonl | Select-Object -First 1
        $text = [IO.File]::ReadAllText($log.FullName)
        [IO.File]::WriteAllText($log.FullName, $text.Replace('tool:Restart-*', 'tool:Restart_*'))
        Test-AgentOpsLedger -LiteralPath $copy | Should -BeExactly $false
        (Test-AgentOpsLedger -LiteralPath $copy -Detailed).Fault[0] | Should -Match '000000\.jsonl:\d+: '
    }

    It 'reports a default store that was tampered with, though it can''t be opened' {
        $copy = Join-Path $store 'copy'
        $script = "Import-Module '$ManifestPath'; Test-AgentOpsLedger; (Test-AgentOpsLedger -Detailed).Fault[0]"
        $output = Invoke-FreshPowerShell -Script $script -Environment @{ AGENTOPS_HOME = $copy }
        $output | Should -Match '^False'
        $output | Should -Match '000000\.jsonl:\d+: '
    }
}
