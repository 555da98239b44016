BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
}

Describe 'A store' {
    BeforeEach {
        $store = Get-TestStore
        Initialize-ExampleWorkspace -Store $store
    }

    AfterEach {
        Remove-Item -LiteralPath $store -Recurse -Force
    }

    It 'stays whole when two processes invoke at once, and no event is lost' {
        $script = "Import-Module '$ManifestPath'; `$null = Connect-AgentOps -Store '$store'; 1..4 | ForEach-Object { (Invoke-AgentOpsAgent host-watch 'Look after this host.').Session }"
        $jobs = 1..2 | ForEach-Object { Start-ThreadJob { . $using:PSScriptRoot/../common.ps1; (Invoke-FreshPowerShell $using:script) -split '\r?\n' } }
        $sessions = @($jobs | Receive-Job -Wait -AutoRemoveJob)
        $sessions.Count | Should -Be 8
        $null = Connect-AgentOps -Store $store
        try {
            Test-AgentOpsLedger | Should -BeTrue
            foreach ($session in $sessions) {
                @(Get-AgentOpsAudit -Session $session).Count | Should -Be 24
            }
            # What the sessions cost is what the agent spent: nothing was counted twice, nothing lost.
            (Get-AgentOpsSession | Measure-Object Cost -Sum).Sum | Should -Be (Get-AgentOpsAgent host-watch).Spent
        }
        finally {
            Disconnect-AgentOps
        }
    }

    It 'is refused when a line of its ledger was changed, and the line is named' {
        $log = Get-ChildItem -LiteralPath (Join-Path $store 'ledger/log') -Filter *.jsonl | Select-Object -First 1
        $text = [IO.File]::ReadAllText($log.FullName)
        [IO.File]::WriteAllText($log.FullName, $text.Replace('tool:Restart-*', 'tool:Restart_*'))
        Remove-Item -LiteralPath (Join-Path $store 'ledger/.state') -Recurse -Force
        Connect-AgentOps -Store $store -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'LedgerTampered,*'
        $problems[0].CategoryInfo.Category | Should -Be 'SecurityError'
        "$($problems[0])" | Should -Match '\d+'
        $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'keeps its ledger whole when its process is killed in the middle of changes' {
        $start = [Diagnostics.ProcessStartInfo]::new([Environment]::ProcessPath)
        $code = "Import-Module '$ManifestPath'; `$null = Connect-AgentOps -Store '$store'; 1..100000 | ForEach-Object { `$null = New-AgentOpsAgent -Name `"agent-`$_`" -Route default }"
        foreach ($argument in '-NoProfile', '-NonInteractive', '-Command', $code) { $start.ArgumentList.Add($argument) }
        $start.RedirectStandardOutput = $true
        $start.RedirectStandardError = $true
        $process = [Diagnostics.Process]::Start($start)
        try {
            $null = Connect-AgentOps -Store $store
            $deadline = [datetime]::UtcNow.AddSeconds(30)
            do { $count = @(Get-AgentOpsAgent -Name agent-*).Count } until ($count -gt 20 -or [datetime]::UtcNow -gt $deadline)
            $count | Should -BeGreaterThan 20
        }
        finally {
            $process.Kill($true)
            $process.WaitForExit()
        }
        try {
            $null = Connect-AgentOps -Store $store
            Test-AgentOpsLedger | Should -BeTrue
            (New-AgentOpsAgent -Name after -Route default).Name | Should -Be 'after'
            Test-AgentOpsLedger | Should -BeTrue
        }
        finally {
            Disconnect-AgentOps
        }
    }
}
