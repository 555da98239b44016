BeforeDiscovery {
    $stores = Get-ChildItem -LiteralPath (Join-Path $PSScriptRoot '../Fixtures/stores') -Filter *.zip | ForEach-Object { @{ Version = $_.BaseName; File = $_.FullName } }
}

BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
}

Describe 'A store that <Version> wrote' -ForEach $stores {
    BeforeAll {
        $folder = Get-TestStore
        $store = Join-Path $folder 'store'
        [IO.Compression.ZipFile]::ExtractToDirectory($File, $store)
        $null = Connect-AgentOps -Store $store
        $records = (Get-AgentOpsContext).Records
    }

    AfterAll {
        Disconnect-AgentOps
        Remove-Item -LiteralPath $folder -Recurse -Force
    }

    It 'is whole, its change of key included, and can be written' {
        $report = Test-AgentOpsLedger -Detailed
        $report.IsWhole | Should -BeTrue
        $report.Records | Should -Be 78
        (Get-AgentOpsContext).ReadOnlyReason | Should -BeNullOrEmpty
    }

    It 'has the agents, rights and sessions that it had' {
        (Get-AgentOpsAgent).Name | Should -Be 'host-watch', 'retired'
        (Get-AgentOpsAgent retired).State | Should -Be 'Suspended'
        (Get-AgentOpsPermission).Id | Should -Contain 'folders-ask'
        (Get-AgentOpsPermission).Id | Should -Not -Contain 'gone'
        (Get-AgentOpsSession | Sort-Object Started).State | Should -Be 'Completed', 'Pending'
        (Get-AgentOpsRequest | Sort-Object Requested).State | Should -Be 'Consumed', 'Pending'
        Test-AgentOpsPermission host-watch tool:Restart-Service @{ Name = 'ssh' } | Should -BeFalse
        (Measure-AgentOpsUsage -By Agent).Cost | Should -BeGreaterThan 0
    }

    It 'keeps what its sessions said, by reference' {
        $ended = Get-AgentOpsSession -State Completed
        (Get-AgentOpsSession -Id $ended.Id -Explain).Text -join "`n" | Should -Match 'no-restarts'
    }

    It 'goes on with the session that waited, counts on from the limit that was used, and stays whole' {
        $waiting = Get-AgentOpsSession -State Pending
        Get-AgentOpsRequest -State Pending | Approve-AgentOpsRequest -Reason 'Years later.' | Out-Null
        $result = Resume-AgentOpsSession -Id $waiting.Id
        $result.Status | Should -Be 'Completed'
        # Two of three calls were used before: the third is allowed, the fourth is not.
        $uptime = foreach ($again in 1..2) { Invoke-AgentOpsAgent host-watch go -Stream -NoWait | Where-Object { $_.Tool -eq 'Get-HostUptime' -and $_.Kind -ne 'ToolCompleted' } }
        $uptime.Kind | Should -Be 'ToolStarted', 'ToolRefused'
        $uptime[1].Reason | Should -Match 'limit'
        (Get-AgentOpsContext).Records | Should -BeGreaterThan ($records + 10)
        Test-AgentOpsLedger | Should -BeTrue
    }

    It 'can be backed up and restored' {
        $null = Backup-AgentOpsStore -LiteralPath (Join-Path $folder 'backup.zip')
        $null = Restore-AgentOpsStore -LiteralPath (Join-Path $folder 'backup.zip') -Store (Join-Path $folder 'restored') -Confirm:$false
        $null = Connect-AgentOps -Store (Join-Path $folder 'restored')
        Test-AgentOpsLedger | Should -BeTrue
        (Get-AgentOpsAgent retired).State | Should -Be 'Suspended'
    }
}
