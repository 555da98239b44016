BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    Initialize-ExampleWorkspace -Store $store
    $null = Connect-AgentOps -Store $store
    $agent = @(Get-AgentOpsAgent)[0]
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

    It 'writes a proof that stands without the ledger' {
        $key = (Test-AgentOpsLedger -Detailed).VerifierKey
        $proof = (Export-AgentOpsLedger -LiteralPath (Join-Path $store 'proof') -Proof 2).FullName
        $record = Join-Path $store 'record'
        [IO.File]::ReadAllLines((Export-AgentOpsLedger -LiteralPath (Join-Path $store 'all.jsonl')).FullName)[2] | Set-Content -LiteralPath $record
        Test-AgentOpsLedger -Proof $proof -Record $record -VerifierKey $key | Should -BeExactly $true
        (Get-Content -LiteralPath $record -Raw).Replace('"seq":2', '"seq":3') | Set-Content -LiteralPath $record -NoNewline
        Test-AgentOpsLedger -Proof $proof -Record $record -VerifierKey $key | Should -BeExactly $false
        { Test-AgentOpsLedger -Proof $record -Record $record -VerifierKey $key -ErrorAction Stop } | Should -Throw -ErrorId 'LedgerProofInvalid,*'
        { Test-AgentOpsLedger -Proof $proof -Record $record -VerifierKey 'x' -ErrorAction Stop } | Should -Throw -ErrorId 'LedgerKeyInvalid,*'
    }

    It 'proves that it continues an anchor, and does not for one of another ledger' {
        $key = (Test-AgentOpsLedger -Detailed).VerifierKey
        $anchor = (Export-AgentOpsLedger -LiteralPath (Join-Path $store 'then') -Anchor).FullName
        $agent | Suspend-AgentOpsAgent -ErrorAction Stop
        $agent | Resume-AgentOpsAgent -ErrorAction Stop
        $proof = (Export-AgentOpsLedger -LiteralPath (Join-Path $store 'continues') -Continues $anchor).FullName
        Test-AgentOpsLedger -Proof $proof -Anchor $anchor -VerifierKey $key | Should -BeExactly $true
        $text = [IO.File]::ReadAllText($anchor).Replace('agentops/', 'agentops/f')
        [IO.File]::WriteAllText($anchor, $text)
        { Export-AgentOpsLedger -LiteralPath $proof -Continues $anchor -ErrorAction Stop } | Should -Throw -ErrorId 'LedgerAnchorInvalid,*'
        Test-AgentOpsLedger -Proof $proof -Anchor $anchor -VerifierKey $key | Should -BeExactly $false
        { Export-AgentOpsLedger -LiteralPath $proof -Continues (Join-Path $store 'gone') -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound,*'
    }

    It 'lets a second signer sign an anchor, each time the continuation of its last' -Skip:(-not (Get-Command openssl -ErrorAction Ignore)) {
        $pem = Join-Path $store 'second.pem'
        & openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $pem 2>$null
        if (-not $IsWindows) { & chmod 600 $pem }
        $sign = @{ LiteralPath = Join-Path $store 'second.anchor'; Anchor = $true; CosignKeyPath = $pem; CosignAs = 'audit.example.org/second' }
        $said = Export-AgentOpsLedger @sign -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
        $key = "$said" -replace '.*pinned: '
        (Get-Content -LiteralPath $sign.LiteralPath)[-1] | Should -Match 'audit\.example\.org/second'
        $agent | Suspend-AgentOpsAgent -ErrorAction Stop
        $agent | Resume-AgentOpsAgent -ErrorAction Stop
        $null = Export-AgentOpsLedger @sign
        Test-AgentOpsLedger -Anchor $sign.LiteralPath -CosignerKey $key | Should -BeExactly $true
        $plain = (Export-AgentOpsLedger -LiteralPath (Join-Path $store 'plain') -Anchor).FullName
        Test-AgentOpsLedger -Anchor $plain -CosignerKey $key | Should -BeExactly $false
        Copy-Item -LiteralPath $plain -Destination $sign.LiteralPath
        { Export-AgentOpsLedger @sign -ErrorAction Stop } | Should -Throw -ErrorId 'LedgerTampered,*'
    }

    It 'keeps a file that is there on request' {
        { Export-AgentOpsLedger -LiteralPath (Join-Path $store 'proof') -NoClobber -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
    }
}
