BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    Initialize-ExampleWorkspace -Store $store
    $null = Connect-AgentOps -Store $store
    $load = @{ Rate = 4; Duration = '00:00:30'; Accelerator = 'h100', 'l40s' }
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Optimize-AgentOpsSimulation' {
    It 'finds the cheapest that keeps the promise, and no option that keeps it is cheaper' {
        $plan = Optimize-AgentOpsSimulation @load -SloTimePerOutputToken '00:00:00.040'
        $plan.ObjectiveMet | Should -BeTrue
        $plan.Best.ShareKept | Should -BeGreaterOrEqual 0.99
        $plan.Options | Where-Object { $_.ObjectiveMet -and $_.CostPerHour -lt $plan.Best.CostPerHour } | Should -BeNullOrEmpty
        $plan.OneMore.Replicas | Should -Be ($plan.Best.Replicas + 1)
        $plan.OneMore.Latency | Should -BeLessOrEqual $plan.Best.Latency
    }

    It 'has a front on which nothing beats another' {
        $front = (Optimize-AgentOpsSimulation @load -SloTimeToFirstToken '00:00:00.300').ParetoFront
        $front.Count | Should -BeGreaterThan 0
        foreach ($one in $front) {
            $front | Where-Object { $_.CostPerHour -lt $one.CostPerHour -and $_.Latency -lt $one.Latency -and $_.ShareKept -gt $one.ShareKept } | Should -BeNullOrEmpty
        }
    }

    It 'says what binds where nothing keeps the promise' {
        $plan = Optimize-AgentOpsSimulation @load -SloTimeToFirstToken '00:00:00.001' -MaximumDevices 2
        $plan.ObjectiveMet | Should -BeFalse
        $plan.Binding | Should -BeLike 'time to first token*'
        $plan.OneMore | Should -BeNullOrEmpty
    }

    It 'gives the same for the same seed' {
        $first, $second = 1..2 | ForEach-Object { Optimize-AgentOpsSimulation @load -SloLatency '00:00:05' -Seed 7 }
        $first.Best | Should -Be $second.Best
        "$($first.Options)" | Should -Be "$($second.Options)"
    }

    It 'refuses a search without a promise, and one that nothing fits' {
        Optimize-AgentOpsSimulation @load -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'SimulationInvalid,*'
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*SloTimeToFirstToken*'
        Optimize-AgentOpsSimulation @load -Model llama-3.1-405b -MaximumDevices 1 -SloLatency '00:00:05' -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'stops within a second, and leaves no helper behind' {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$ManifestPath'; Optimize-AgentOpsSimulation -Rate 300 -Duration 02:00:00 -SloLatency 00:00:05")
            $running = $shell.BeginInvoke()
            $deadline = [datetime]::UtcNow.AddSeconds(20)
            do { $helper = Get-Process -Name agentops -ErrorAction Ignore | Where-Object Path -Like "$RepositoryRoot*" } until ($helper -or $running.IsCompleted -or [datetime]::UtcNow -gt $deadline)
            $helper | Should -Not -BeNullOrEmpty
            Start-Sleep -Milliseconds 500
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $clock.Elapsed.TotalSeconds | Should -BeLessThan (1.5 + (Get-Slack))
            Start-Sleep -Milliseconds 500
            $helper | Where-Object { -not $_.HasExited } | Should -BeNullOrEmpty
        }
        finally {
            $shell.Dispose()
        }
    }
}
