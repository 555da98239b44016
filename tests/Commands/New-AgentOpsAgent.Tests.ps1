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

Describe 'New-AgentOpsAgent' {
    It 'creates an agent that may do nothing' {
        $agent = New-AgentOpsAgent -Name fresh -Route default -Tool Get-HostUptime -Budget 2.5 -MaxSteps 3 -MaxDuration 00:01:00
        $agent | Should -BeOfType ([AgentOps.Output.Agent])
        $agent.Budget | Should -Be 2.5
        $agent.Budget | Should -BeOfType ([decimal])
        $agent.MaxDuration | Should -Be ([timespan] '00:01:00')
        $agent.Created.Offset | Should -Be ([timespan]::Zero)
        Test-AgentOpsPermission fresh tool:Get-HostUptime | Should -BeFalse
    }

    It 'refuses a name that is taken, in any casing' {
        New-AgentOpsAgent -Name HOST-watch -Route default -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'AgentExists,*'
        $problems[0].CategoryInfo.Category | Should -Be 'ResourceExists'
    }

    It 'refuses a route or a tool that does not exist, and a budget below zero' {
        New-AgentOpsAgent -Name a -Route nowhere -ErrorVariable problems -ErrorAction SilentlyContinue
        New-AgentOpsAgent -Name a -Route default -Tool Nothing -ErrorVariable +problems -ErrorAction SilentlyContinue
        New-AgentOpsAgent -Name a -Route default -Budget -1 -ErrorVariable +problems -ErrorAction SilentlyContinue
        ($problems.FullyQualifiedErrorId -replace ',.*') | Should -Be 'RouteNotFound', 'ToolNotFound', 'LimitInvalid'
    }
}
