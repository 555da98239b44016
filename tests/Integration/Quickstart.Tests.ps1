BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $helper = Get-ChildItem -LiteralPath (Join-Path $RepositoryRoot 'module/bin/native') -Recurse -File -Filter 'agentops*' -ErrorAction Ignore | Select-Object -First 1

    function Get-Story {
        # What happened, without what differs from run to run.
        param([string] $Store)

        $null = Connect-AgentOps -Store $Store
        Get-AgentOpsAudit | ForEach-Object {
            $data = $_.Data | ConvertFrom-Json -AsHashtable
            "$($_.Type) $($data['tool']) $($data['rules'] -join ',') $($data['reason']) $($data['outcome'])".Trim()
        }
        Disconnect-AgentOps
    }
}

Describe 'Quickstart' {
    BeforeAll {
        $folder = Get-TestStore
        $output = & (Join-Path $RepositoryRoot 'module/quickstart/Quickstart.ps1') -Store (Join-Path $folder 'powershell') | Out-String
    }

    AfterAll {
        Remove-Item -LiteralPath $folder -Recurse -Force
    }

    It 'shows a call allowed, one refused by a rule, and one stopped by a bound' {
        $output | Should -Match 'allowed  Get-HostUptime'
        $output | Should -Match "REFUSED  Restart-Service .*Forbidden by rule 'host-watch/no-restarts'"
        $output | Should -Match 'REFUSED  Get-HostFile .*argument Path is not one of the permitted values'
    }

    It 'shows the ledger verified, the cost, and two accelerators' {
        $output | Should -Match '  whole: \d+ records'
        $output | Should -Match 'host-watch: 6 model calls'
        $output | Should -Match '(?m)^h100\s+\d+'
        $output | Should -Match '(?m)^l40s\s+\d+'
    }

    It 'tells the same story as the helper' {
        $helper | Should -Not -BeNullOrEmpty
        & $helper.FullName quickstart --store (Join-Path $folder 'helper') | Out-Null
        $LASTEXITCODE | Should -Be 0
        (Get-Story (Join-Path $folder 'powershell')) -join "`n" | Should -BeExactly ((Get-Story (Join-Path $folder 'helper')) -join "`n")
    }
}
