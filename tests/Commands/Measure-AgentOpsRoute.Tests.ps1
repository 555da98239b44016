BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    $null = Connect-AgentOps -Store $store
    $fast = @{ scenario = @{ latency = @{ firstTokenMs = 5; perTokenMs = 1 }; steps = @(@{ say = 'one two three four'; repeat = $true }) } }
    $slow = @{ scenario = @{ latency = @{ firstTokenMs = 60; perTokenMs = 1 }; steps = @(@{ say = 'one two three four'; repeat = $true }) } }
    $failing = @{ scenario = @{ faultRate = 1; faults = @('rate-limit'); steps = @(@{ say = 'x'; repeat = $true }) } }
    $null = Register-AgentOpsProvider fast simulated -Option $fast
    $null = Register-AgentOpsProvider second simulated -Option $fast
    $null = Register-AgentOpsProvider failing simulated -Option $failing
    Set-AgentOpsRoute pair -Target fast/m, second/m
    Set-AgentOpsRoute one -Target fast/m
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Measure-AgentOpsRoute' {
    It 'measures every target of a route, interleaved' {
        $results = Get-AgentOpsRoute pair | Measure-AgentOpsRoute -Count 12 -RequestRate 100
        $results.Target | Should -Be 'fast/m', 'second/m'
        $results.Loop | Should -Be 'Open', 'Open'
        $results.Calls | Should -Be 12, 12
        $results[0].TimeToFirstToken.P50.TotalMilliseconds | Should -BeGreaterThan 4
        $results[0].TimeToFirstToken.P99 | Should -BeNullOrEmpty
        $results[0].Questions | Should -Be 20
        $usage = Measure-AgentOpsUsage -By Task | Where-Object Key -EQ benchmark
        $usage.Calls | Should -BeGreaterThan (2 * (12 + 20))
        $results[1].Drift | Should -BeLike '0 of 20 questions right*'
    }

    It 'labels a closed loop, and counts failures by class' {
        $result = Measure-AgentOpsRoute -Target failing/m -Count 10 -Concurrency 2 -WarningVariable warnings -WarningAction SilentlyContinue
        $result.Loop | Should -Be 'Closed'
        $result.Failures | Should -Be 10
        $result.Errors | Should -Be 'RateLimit: 10'
        $result.Goodput | Should -Be 0
        $warnings | Should -BeLike '*10 of 10 calls failed*'
    }

    It 'keeps raw samples, and goes on with a run that broke off' {
        $file = Join-Path $store 'samples [1].jsonl'
        $null = Measure-AgentOpsRoute one -Count 12 -RequestRate 200 -OutFile $file
        $lines = [IO.File]::ReadAllLines($file)
        [IO.File]::WriteAllText($file, (($lines | Select-Object -First 15) -join "`n") + "`n{torn")
        (Measure-AgentOpsRoute one -Count 12 -RequestRate 200 -OutFile $file -Resume).Calls | Should -Be 12
        $measured = [IO.File]::ReadAllLines($file) | ConvertFrom-Json | Where-Object { $_.PSObject.Properties['phase'] -and $_.phase -eq 'Measured' }
        ($measured.index | Sort-Object) -join ' ' | Should -Be (0..11 -join ' ')
        { Measure-AgentOpsRoute one -Count 12 -RequestRate 200 -OutFile $file } | Should -Throw -ErrorId 'BenchmarkSamplesInvalid,*'
    }

    It 'fails against a baseline that was faster, by a terminating error, with a report' {
        $baseline = Join-Path $store 'baseline.json'
        $report = Join-Path $store 'junit.xml'
        $null = Measure-AgentOpsRoute one -Count 100 -SlotCount 20 -RequestRate 300 -BaselineOutFile $baseline
        $null = Register-AgentOpsProvider fast simulated -Option $slow -Force
        try {
            $failure = $null
            try {
                $null = Measure-AgentOpsRoute one -Count 50 -RequestRate 300 -Baseline $baseline -JUnit $report -Annotation GitHub -OutVariable results -InformationVariable lines -ErrorAction SilentlyContinue 3>$null 6>$null
            }
            catch {
                $failure = $_
            }
            $failure.FullyQualifiedErrorId | Should -BeLike 'BenchmarkRegressed,*'
            $failure.TargetObject | Should -Be 'fast/m'
            $results.Verdict | Should -Be 'Fail'
            ($results.Verdicts | Where-Object Metric -EQ ttft).Outcome | Should -Be 'Fail'
            ([xml](Get-Content -Raw -LiteralPath $report)).testsuites.failures | Should -Not -Be '0'
            "$lines" | Should -BeLike '*::error title=fast/m ttft::*'
        }
        finally {
            $null = Register-AgentOpsProvider fast simulated -Option $fast -Force
        }
        (Measure-AgentOpsRoute one -Count 50 -RequestRate 300 -Baseline $baseline -WarningAction SilentlyContinue -ErrorAction SilentlyContinue).Verdict | Should -Not -BeNullOrEmpty
    }

    It 'calls too few slots inconclusive, and an error where a conclusive verdict is required' {
        $baseline = Join-Path $store 'short.json'
        $null = Measure-AgentOpsRoute one -Count 10 -SlotCount 10 -RequestRate 300 -BaselineOutFile $baseline
        (Measure-AgentOpsRoute one -Count 10 -SlotCount 10 -RequestRate 300 -Baseline $baseline -WarningAction SilentlyContinue).Verdict | Should -Be 'Inconclusive'
        { Measure-AgentOpsRoute one -Count 10 -SlotCount 10 -RequestRate 300 -Baseline $baseline -RequireConclusive -WarningAction SilentlyContinue } |
            Should -Throw -ErrorId 'BenchmarkInconclusive,*'
        { Measure-AgentOpsRoute one -Count 10 -SlotCount 10 -RequestRate 301 -Baseline $baseline } | Should -Throw -ErrorId 'BenchmarkBaselineInvalid,*'
    }

    It 'refuses <_> before anything is called' -ForEach @(
        @{ Concurrency = 2; RequestRate = 3 }
        @{ Duration = '00:00:10'; Count = 3 }
        @{ Count = 3; SlotCount = 4 }
        @{ Duration = '00:00:00' }
    ) {
        $arguments = $_
        { Measure-AgentOpsRoute one @arguments } | Should -Throw -ErrorId 'BenchmarkInvalid,*'
    }

    It 'completes targets, and calls nothing under -WhatIf' {
        $line = 'Measure-AgentOpsRoute -Target sec'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain 'second/m'
        Measure-AgentOpsRoute one -WhatIf 6>$null | Should -BeNullOrEmpty
    }
}

Describe 'The CI workflows' {
    It '<Name> calls the cmdlet with parameters that it has' -ForEach @(
        Get-ChildItem -LiteralPath (Join-Path $PSScriptRoot '../../docs/guides/ci') -Filter *.yml | ForEach-Object { @{ Name = $_.Name; File = $_.FullName } }
    ) {
        $text = (Get-Content -Raw -LiteralPath $File) -replace '`\r?\n\s*', '' -replace '(?m)^\s+-(?=RequestRate|OutFile)', ' -'
        $call = [regex]::Match(($text -replace '\r?\n\s+(?=Measure|-)', ' '), 'Measure-AgentOpsRoute [^"\r\n]+').Value
        $ast = [Management.Automation.Language.Parser]::ParseInput($call, [ref] $null, [ref] $null)
        $used = $ast.FindAll({ $args[0] -is [Management.Automation.Language.CommandParameterAst] }, $true).ParameterName
        $used | Should -Contain Baseline
        $used | Should -Contain JUnit
        $used | Where-Object { -not (Get-Command Measure-AgentOpsRoute).Parameters.ContainsKey($_) } | Should -BeNullOrEmpty
    }

    It 'fail the job: a regression ends pwsh with an exit code' {
        $server = Join-Path $store 'exit'
        $script = @"
Import-Module '$ManifestPath'
`$null = Connect-AgentOps -Store '$server'
`$null = Register-AgentOpsProvider p simulated -Option @{ scenario = @{ latency = @{ firstTokenMs = 1 }; steps = @(@{ say = 'a b'; repeat = `$true }) } }
`$null = Measure-AgentOpsRoute -Target p/m -Count 40 -SlotCount 20 -RequestRate 400 -BaselineOutFile '$server/b.json'
`$null = Register-AgentOpsProvider p simulated -Force -Option @{ scenario = @{ latency = @{ firstTokenMs = 80 }; steps = @(@{ say = 'a b'; repeat = `$true }) } }
`$null = Measure-AgentOpsRoute -Target p/m -Count 20 -RequestRate 400 -Baseline '$server/b.json' 3>`$null
'not reached with Stop'
"@
        { Invoke-FreshPowerShell "`$ErrorActionPreference = 'Stop'; $script" } | Should -Throw '*Median*'
    }
}
