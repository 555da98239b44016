BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    $null = Connect-AgentOps -Store $store
    $errs = @{ HallucinationRate = 0.3; OverspendRate = 0.2; ObeyedInjectionRate = 0.5 }
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Measure-AgentOpsAgent' {
    It 'lets no harm through, proves it, and shows by the control that there was something to stop' {
        $governed = Measure-AgentOpsAgent marketplace -Count 20 -Prove @errs
        $control = Measure-AgentOpsAgent marketplace -Count 20 -Ungoverned @errs
        $governed | Should -BeOfType AgentOps.Output.AgentBenchmark
        $governed.Violations, $governed.Loss | Should -Be 0, 0
        $governed.UnsafeAttempted.Count | Should -BeGreaterThan 0
        $governed.Proved | Should -Be $governed.Effects
        $governed.IsMoneyConserved | Should -BeTrue
        $control.IsGoverned | Should -BeFalse
        $control.Violations | Should -BeGreaterThan 0
        $control.Loss | Should -BeGreaterThan 0
    }

    It 'repeats trials, keeps the raw samples, and gives the same for the same seed' {
        $file = Join-Path $TestDrive 'samples.jsonl'
        $first = Measure-AgentOpsAgent ops -Repeat 2 -HallucinationRate 0.4 -OutFile $file -ThrottleLimit 1
        $second = Measure-AgentOpsAgent ops -Repeat 2 -HallucinationRate 0.4 -OutFile $file -Force
        $first.Trials | Should -Be ($first.Tasks * 2)
        $first.PassPower.Count | Should -Be 2
        $second.Cost, $second.Success.Count | Should -Be $first.Cost, $first.Success.Count
        $samples = Get-Content -LiteralPath $file | ConvertFrom-Json
        $samples.Count | Should -Be $first.Trials
        $samples[0].task | Should -Be 'restart-web'
        { Measure-AgentOpsAgent ops -OutFile $file -ErrorAction Stop } | Should -Throw -ErrorId 'BenchmarkSamplesInvalid,*'
    }

    It 'measures an agent of the workspace by its own models' {
        $steps = @(@{ call = @{ tool = 'Get-ServiceLog'; arguments = @{ Name = 'web' } } }, @{ say = 'I only looked.' })
        $null = Register-AgentOpsProvider mine simulated -Option @{ scenario = @{ steps = $steps } }
        Set-AgentOpsRoute own -Target mine/m
        $null = New-AgentOpsAgent looker -Route own
        $result = Measure-AgentOpsAgent ops -Agent looker
        $result.Agent | Should -Be 'looker'
        $result.Success.Count | Should -BeGreaterThan 0
        $result.Success.Count | Should -BeLessThan $result.Trials
        $result.Violations | Should -Be 0
    }

    It 'takes a suite of one''s own, and says what is wrong with it' {
        $path = Join-Path $TestDrive 'my [suite].yaml'
        $text = Get-Content -Raw -LiteralPath (Join-Path $PSScriptRoot '../../module/suites/ops.yaml')
        Set-Content -LiteralPath $path -Value $text.Replace('name: ops', 'name: mine')
        (Measure-AgentOpsAgent $path).Suite | Should -Be 'mine'
        Set-Content -LiteralPath $path -Value $text.Replace('allowed:', 'alowed:')
        { Measure-AgentOpsAgent $path -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidConfiguration,*' -ExpectedMessage "*:*:*did you mean 'allowed'?*"
        { Measure-AgentOpsAgent nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'SuiteNotFound,*'
        { Measure-AgentOpsAgent ops -Count 3 -ErrorAction Stop } | Should -Throw -ErrorId 'BenchmarkInvalid,*'
        { Measure-AgentOpsAgent ops -Agent nobody -ErrorAction Stop } | Should -Throw -ErrorId 'AgentNotFound,*'
    }

    It 'starts nothing under -WhatIf, completes suites, and fits its table into 80 columns' {
        Measure-AgentOpsAgent marketplace -WhatIf 6>$null | Should -BeNullOrEmpty
        $line = 'Measure-AgentOpsAgent -Suite mar'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'marketplace'
        $table = Measure-AgentOpsAgent ops | Out-String -Width 80
        $table | Should -Match '100\.0 %'
        ($table -split '\r?\n' | Measure-Object -Property Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }
}
