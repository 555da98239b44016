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

Describe 'Get-AgentOpsSession' {
    It 'shows an interrupted session and its unknown call after its process was killed' {
        $null = Register-AgentOpsTool -Name Wait-Long -Program sleep, '30'
        Register-ScriptedAgent -Name sleeper -Tool Wait-Long -Step @{ call = @{ tool = 'Wait-Long'; arguments = @{} } }, @{ say = 'done' }
        $null = Grant-AgentOpsPermission sleeper tool:Wait-Long
        $start = [Diagnostics.ProcessStartInfo]::new([Environment]::ProcessPath)
        foreach ($argument in '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$ManifestPath'; `$null = Connect-AgentOps -Store '$store'; Invoke-AgentOpsAgent sleeper go") { $start.ArgumentList.Add($argument) }
        $start.RedirectStandardOutput = $true
        $start.RedirectStandardError = $true
        $process = [Diagnostics.Process]::Start($start)
        try {
            $deadline = [datetime]::UtcNow.AddSeconds(30)
            do { $started = Get-AgentOpsAudit sleeper tool.started } until ($started -or [datetime]::UtcNow -gt $deadline)
            $started | Should -Not -BeNullOrEmpty
        }
        finally {
            $process.Kill($true)
            $process.WaitForExit()
        }
        Test-AgentOpsLedger | Should -BeTrue
        $session = Get-AgentOpsSession -Agent sleeper
        $session.State | Should -Be 'Interrupted'
        $session.Unknown | Should -BeLike 'Wait-Long (*)'
        ($session | Stop-AgentOpsSession -PassThru).State | Should -Be 'Stopped'
    }

    It 'filters by agent and state' {
        @(Get-AgentOpsSession -Agent host-* -State Completed).Count | Should -Be 1
        Get-AgentOpsSession -State Running | Should -BeNullOrEmpty
    }
}
