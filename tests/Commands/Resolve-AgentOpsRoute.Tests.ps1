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

    It 'predicts quality from what the prompt is about, and says from what' {
        $null = Register-AgentOpsProvider hosted -Kind openai -Uri https://models.invalid/v1
        $null = Set-AgentOpsRoute scored -Target hosted/gpt-4o, hosted/o3, hosted/unheard -Objective Best
        $candidates = Resolve-AgentOpsRoute scored 'How does the wavelength of a photon change with its energy?'
        $candidates.Target | Should -Be 'hosted/o3', 'hosted/gpt-4o', 'hosted/unheard'
        $candidates[0].Domains | Should -Match '^science \d+ %'
        $candidates[0].QualitySource | Should -Match '^science: GPQA Diamond 0.828 \(https://'
        $candidates[2].PredictedQuality | Should -BeNullOrEmpty
        $candidates[2].QualitySource | Should -BeNullOrEmpty
        $general = Resolve-AgentOpsRoute scored 'What shall we have for dinner?'
        $general[0].Domains | Should -Be 'general 100 %'
        $general[0].QualitySource | Should -Match '^general: MMLU '
        (Resolve-AgentOpsRoute default 'Prove the theorem.').Domains | Should -BeNullOrEmpty
    }

    It 'names the route above its targets, and gives what is rejected no rank' {
        $told = Get-AgentOpsRoute two, mixed | Resolve-AgentOpsRoute -Prompt 'x' -DataClass secret | Out-String -Width 120
        $told | Should -Match '(?s)Route: two.*Route: mixed.*- +cloud/m'
    }

    It 'tells the whole reason at 80 columns' {
        $candidate = Resolve-AgentOpsRoute mixed 'x' -DataClass secret | Where-Object Target -EQ cloud/m
        $lines = ($candidate | Out-String -Width 80).TrimEnd() -split '\r?\n'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        # PowerShell breaks cells by width, within words too.
        $rule = [array]::FindIndex([string[]] $lines, [Predicate[string]] { $args[0].StartsWith('---') })
        $at = $lines[$rule].LastIndexOf(' ') + 1
        $told = ($lines | Select-Object -Skip ($rule + 1) | ForEach-Object { $_.Substring([Math]::Min($at, $_.Length)) }) -join ''
        $told -replace '\s' | Should -Be ($candidate.Reason -replace '\s')
    }
}
