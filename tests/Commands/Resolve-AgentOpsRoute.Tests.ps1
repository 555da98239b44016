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

Describe 'Resolve-AgentOpsRoute' {
    It 'explains every target and calls none' {
        Set-AgentOpsRoute two -Target rehearsal/cheap, rehearsal/dear -InputPrice 1 -OutputPrice 2
        $candidates = Resolve-AgentOpsRoute two 'How are you?'
        $candidates.Target | Should -Be 'rehearsal/cheap', 'rehearsal/dear'
        @($candidates | Where-Object Selected).Count | Should -Be 1
        $candidates[0].PredictedCost | Should -BeGreaterThan 0
        $candidates[0].Reason | Should -Not -BeNullOrEmpty
    }

    It 'knows what an agent may use' {
        (Resolve-AgentOpsRoute default 'x' -Agent host-watch).Selected | Should -Contain $true
        $other = Resolve-AgentOpsRoute two 'x' -Agent host-watch
        $other.Selected | Should -Not -Contain $true
        $other[0].Reason | Should -Match "Nothing permits agent 'host-watch' to use route 'two'"
        $null = Grant-AgentOpsPermission host-watch route:two
        (Resolve-AgentOpsRoute two 'x' -Agent host-watch).Selected | Should -Contain $true
        $null = Grant-AgentOpsPermission -Effect Forbid -Resource 'route:d*' -Id no-default
        (Resolve-AgentOpsRoute default 'x' -Agent host-watch).Reason | Should -Match 'no-default'
        { Resolve-AgentOpsRoute default 'x' -Agent nobody -ErrorAction Stop } | Should -Throw -ErrorId 'AgentNotFound,*'
    }

    It 'rejects targets that are not cleared for the data' {
        $null = Register-AgentOpsProvider cloud -Kind openai -Uri https://models.invalid/v1 -Clearance confidential
        $null = Set-AgentOpsRoute mixed -Target cloud/m, rehearsal/m -InputPrice 1 -OutputPrice 2
        foreach ($class in 'public', 'Internal', 'confidential') {
            (Resolve-AgentOpsRoute mixed 'x' -DataClass $class).Rejection | Should -Not -Contain 'DataClass'
        }
        $secret = Resolve-AgentOpsRoute mixed 'x' -DataClass secret
        ($secret | Where-Object Target -EQ cloud/m).Rejection | Should -Be 'DataClass'
        ($secret | Where-Object Target -EQ cloud/m).Reason | Should -Match 'secret'
        ($secret | Where-Object Selected).Target | Should -Be 'rehearsal/m'
        { Resolve-AgentOpsRoute mixed 'x' -DataClass top-secret } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        (TabExpansion2 'Resolve-AgentOpsRoute mixed x -DataClass c' -CursorColumn 42).CompletionMatches.CompletionText | Should -Be 'confidential'
    }

    It 'tells the whole reason at 80 columns' {
        $candidate = Resolve-AgentOpsRoute mixed 'x' -DataClass secret | Where-Object Target -EQ cloud/m
        $lines = ($candidate | Out-String -Width 80).TrimEnd() -split '\r?\n'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        # PowerShell breaks cells by width, within words too.
        $told = ($lines | Select-Object -Skip 3 | ForEach-Object { $_.Substring([Math]::Min(46, $_.Length)) }) -join ''
        $told -replace '\s' | Should -Be ($candidate.Reason -replace '\s')
    }
}
