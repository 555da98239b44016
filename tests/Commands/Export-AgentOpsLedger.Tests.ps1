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

Describe 'Export-AgentOpsLedger' {
    It 'writes one line a record, as it is signed' {
        $file = Export-AgentOpsLedger -LiteralPath (Join-Path $store 'audit.jsonl')
        $lines = [IO.File]::ReadAllLines($file.FullName)
        $lines.Count | Should -Be (Get-AgentOpsContext).Records
        $signed = [IO.File]::ReadAllLines((Join-Path $store 'ledger/log/000000.jsonl')).Where({ -not $_.StartsWith('#') })
        $lines | Should -BeExactly $signed
    }

    It 'writes an anchor that the ledger continues, and one of another ledger that it does not' {
        $anchor = Export-AgentOpsLedger -LiteralPath (Join-Path $store 'anchor') -Anchor
        Test-AgentOpsLedger -Anchor $anchor.FullName | Should -BeExactly $true
        $text = [IO.File]::ReadAllText($anchor.FullName)
        [IO.File]::WriteAllText($anchor.FullName, $text.Replace('agentops/', 'agentops/f'))
        Test-AgentOpsLedger -Anchor $anchor.FullName | Should -BeExactly $false
    }

    It 'writes a proof, and refuses one of a record that is not there' {
        (Get-Content -LiteralPath (Export-AgentOpsLedger -LiteralPath (Join-Path $store 'proof') -Proof 2))[1] | Should -BeExactly 'index 2'
        { Export-AgentOpsLedger -LiteralPath (Join-Path $store 'proof') -Proof 99999 -ErrorAction Stop } | Should -Throw -ErrorId 'LedgerRecordNotFound,*'
    }

    It 'keeps a file that is there on request' {
        { Export-AgentOpsLedger -LiteralPath (Join-Path $store 'proof') -NoClobber -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
    }
}
