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

Describe 'Measure-AgentOpsUsage' {
    It 'sums by <_>' -ForEach 'Agent', 'Task', 'Route', 'Model', 'Day' {
        $usage = @(Measure-AgentOpsUsage -By $_)
        $usage.Count | Should -Be 1
        $usage[0].By | Should -Be $_
        $usage[0].Calls | Should -Be 6
        $usage[0].Cost | Should -Be (Get-AgentOpsAgent host-watch).Spent
    }

    It 'is empty after the last record' {
        Measure-AgentOpsUsage -After ([DateTimeOffset]::UtcNow.AddMinutes(5)) | Should -BeNullOrEmpty
    }
}
