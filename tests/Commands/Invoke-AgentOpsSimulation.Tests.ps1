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

Describe 'Invoke-AgentOpsSimulation' {
    It 'compares accelerators on a real trace' {
        $trace = Join-Path $RepositoryRoot 'module/catalog/traces/azure-llm-2023-conv-excerpt.csv'
        $results = Invoke-AgentOpsSimulation -LiteralPath $trace -Accelerator h100, l40s -First 500
        $results.Accelerator | Should -Be 'h100', 'l40s'
        $results.Completed | Should -Be 500, 500
        $results[0].TimePerOutputTokenP50 | Should -BeLessThan $results[1].TimePerOutputTokenP50
        $results[0].CostPerMillionOutput | Should -BeOfType ([decimal])
    }

    It 'gives the same for the same seed' {
        $first, $second = 1..2 | ForEach-Object { Invoke-AgentOpsSimulation -Rate 3 -Duration 00:00:20 -Seed 7 }
        $first | Should -Be $second
    }

    It 'passes on what the helper finds wrong, with its id' {
        Invoke-AgentOpsSimulation -Rate 1 -Duration 00:00:01 -Accelerator no-such -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'CatalogEntryNotFound,*'
        $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'stops within a second, and leaves no helper behind' {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$ManifestPath'; Invoke-AgentOpsSimulation -Rate 1000 -Duration 10:00:00 -Model llama-3.1-70b -Accelerator h100")
            $running = $shell.BeginInvoke()
            $deadline = [datetime]::UtcNow.AddSeconds(20)
            do { $helper = Get-Process -Name agentops -ErrorAction Ignore | Where-Object Path -Like "$RepositoryRoot*" } until ($helper -or $running.IsCompleted -or [datetime]::UtcNow -gt $deadline)
            $helper | Should -Not -BeNullOrEmpty
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $clock.Elapsed.TotalSeconds | Should -BeLessThan 1.5
            Start-Sleep -Milliseconds 500
            $helper | Where-Object { -not $_.HasExited } | Should -BeNullOrEmpty
        }
        finally {
            $shell.Dispose()
        }
    }
}
