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

Describe 'Set-AgentOpsBudget, Get-AgentOpsBudget, Remove-AgentOpsBudget' {
    It 'counts what agents really spend, and shows what is left' {
        Set-AgentOpsBudget day 20 -Window 1.00:00:00
        Set-AgentOpsBudget watch 10 -Scope Agent -Of host-watch
        Set-AgentOpsBudget audit 5 -Scope Task -Of audit
        $result = Invoke-AgentOpsAgent host-watch 'Look after this host.' -Task audit
        $result.Cost | Should -BeGreaterThan 0
        foreach ($budget in Get-AgentOpsBudget day, watch, audit) {
            $budget.Spent | Should -Be $result.Cost
            $budget.Reserved | Should -Be 0
            $budget.Left | Should -Be ($budget.Max - $result.Cost)
        }
        (Get-AgentOpsBudget day).Window | Should -Be ([timespan]::FromDays(1))
    }

    It 'ends a session that would pass it, and a prompt that would' {
        Set-AgentOpsBudget nothing 0 -PassThru | Should -BeOfType AgentOps.Output.Budget
        $result = Invoke-AgentOpsAgent host-watch 'Look after this host.'
        $result.Status | Should -Be 'LimitReached'
        $result.Reason | Should -Match "the budget 'nothing'"
        { 'x' | Invoke-AgentOpsRoute default -ErrorAction Stop } | Should -Throw -ErrorId 'NoEligibleTarget,*'
        Remove-AgentOpsBudget nothing -Confirm:$false
        (Invoke-AgentOpsAgent host-watch 'Look after this host.').Status | Should -Be 'Completed'
    }

    It 'bounds every session' {
        Set-AgentOpsBudget each 0 -Scope Session
        (Get-AgentOpsBudget each).Spent | Should -BeNullOrEmpty
        (Invoke-AgentOpsAgent host-watch 'Look after this host.').Status | Should -Be 'LimitReached'
        Get-AgentOpsBudget each | Remove-AgentOpsBudget -Confirm:$false
    }

    It 'is set anew from what it is' {
        Get-AgentOpsBudget watch | Set-AgentOpsBudget -Max 11 -PassThru | ForEach-Object Of | Should -Be 'host-watch'
        (Get-AgentOpsBudget WATCH).Max | Should -Be 11
    }

    It 'refuses what makes no sense: <Why>' -ForEach @(
        @{ Why = 'an agent without a name'; Arguments = @{ Scope = 'Agent' }; Code = 'BudgetInvalid' }
        @{ Why = 'a name for the workspace'; Arguments = @{ Of = 'host-watch' }; Code = 'BudgetInvalid' }
        @{ Why = 'an agent that is not there'; Arguments = @{ Scope = 'Agent'; Of = 'nobody' }; Code = 'AgentNotFound' }
        @{ Why = 'a window of sessions'; Arguments = @{ Scope = 'Session'; Window = [timespan]::FromDays(1) }; Code = 'BudgetInvalid' }
    ) {
        { Set-AgentOpsBudget bad 1 @Arguments -ErrorAction Stop } | Should -Throw -ErrorId "$Code,*"
        Get-AgentOpsBudget bad* | Should -BeNullOrEmpty
    }
}
