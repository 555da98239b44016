BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    $other = Get-TestStore
    Initialize-ExampleWorkspace -Store $store
    $null = Connect-AgentOps -Store $store
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store, $other -Recurse -Force
}

Describe 'Backup-AgentOpsStore and Restore-AgentOpsStore' {
    It 'brings a store to another folder, where it goes on' {
        $file = Backup-AgentOpsStore -LiteralPath (Join-Path $other 'store.zip') -IncludeKey
        $records = (Get-AgentOpsContext).Records
        $target = Join-Path $other 'restored'
        $report = Restore-AgentOpsStore -LiteralPath $file.FullName -Store $target -Confirm:$false
        $report.Records | Should -Be $records
        $null = Connect-AgentOps -Store $target
        $null = New-AgentOpsAgent -Name restored-one -Route default -ErrorAction SilentlyContinue
        Get-AgentOpsAgent -Name host-watch | Should -Not -BeNullOrEmpty
        Test-AgentOpsLedger | Should -BeExactly $true
        $null = Connect-AgentOps -Store $store
    }

    It 'refuses what is no backup, and a store that is there' {
        $no = Join-Path $other 'no.zip'
        Set-Content -LiteralPath $no -Value 'no'
        { Restore-AgentOpsStore -LiteralPath $no -Store (Join-Path $other 'x') -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'BackupInvalid,*'
        { Restore-AgentOpsStore -LiteralPath (Join-Path $other 'store.zip') -Store (Join-Path $other 'restored') -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'StoreExists,*'
    }
}
