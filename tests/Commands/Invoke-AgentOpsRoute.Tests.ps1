BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    $null = Connect-AgentOps -Store $store
    $echo = @{ scenario = @{ latency = @{ firstTokenMs = 20 }; steps = @(@{ when = @{ contains = 'bad' }; repeat = $true; say = 'no'; fault = @{ kind = 'invalid-request'; times = 1000 } }, @{ say = 'fine'; repeat = $true; usage = @{ input = 100; output = 10 } }) } }
    $null = Register-AgentOpsProvider echo simulated -Option $echo
    Set-AgentOpsRoute priced -Target echo/m -InputPrice 1 -OutputPrice 10
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Invoke-AgentOpsRoute' {
    It 'answers every prompt of the pipeline once and records what it cost' {
        $before = (Get-AgentOpsContext).Records
        $answers = 1..40 | ForEach-Object { "prompt $_" } | Invoke-AgentOpsRoute priced -Task forty
        ($answers.Index | Sort-Object) -join ' ' | Should -Be (0..39 -join ' ')
        $answers | ForEach-Object { $_.Prompt | Should -Be "prompt $($_.Index + 1)" }
        $answers[0].Cost | Should -Be 0.0002
        $usage = Measure-AgentOpsUsage -By Task | Where-Object Key -EQ forty
        $usage.Calls | Should -Be 40
        $usage.Cost | Should -Be 0.008
        (Get-AgentOpsContext).Records | Should -Be ($before + 40)
    }

    It 'goes on after a prompt that fails, and names it' {
        $answers = 'one', 'bad', 'two' | Invoke-AgentOpsRoute priced -ErrorAction SilentlyContinue -ErrorVariable problems
        ($answers.Prompt | Sort-Object) -join ' ' | Should -Be 'one two'
        $problems.Count | Should -Be 1
        $problems[0].TargetObject | Should -Be 'bad'
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ProviderRequestRefused,*'
    }

    It 'answers identical prompts at temperature 0 once' {
        $records = (Get-AgentOpsContext).Records
        $answers = @('same') * 10 | Invoke-AgentOpsRoute priced -Temperature 0
        @($answers | Where-Object -Not FromCache).Count | Should -Be 1
        ($answers.Cost | Measure-Object -Sum).Sum | Should -Be 0.0002
        (Get-AgentOpsContext).Records | Should -Be ($records + 1)
    }

    It 'ends at once when nobody listens any more' {
        $first = 1..1000 | ForEach-Object { "prompt $_" } | Invoke-AgentOpsRoute priced -MaxConcurrency 2 | Select-Object -First 1
        $first.Text | Should -Be 'fine'
        $records = (Get-AgentOpsContext).Records
        Start-Sleep -Milliseconds 100
        (Get-AgentOpsContext).Records | Should -Be $records -Because 'what was begun is booked when the command has ended'
    }

    It 'does not start without a route, and keeps data classes' {
        { 'x' | Invoke-AgentOpsRoute nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'RouteNotFound,*'
        $null = Register-AgentOpsProvider outside openai -Uri http://127.0.0.1:9/v1
        Set-AgentOpsRoute outside -Target outside/m
        { 'x' | Invoke-AgentOpsRoute outside -DataClass secret -ErrorAction Stop } | Should -Throw -ErrorId 'NoEligibleTarget,*'
    }

    It 'prices a target without a price of its own from the catalog' {
        $null = Register-AgentOpsProvider vendor openai -ApiKeyVariable NO_SUCH_KEY
        Set-AgentOpsRoute vendor -Target vendor/gpt-4.1
        (Resolve-AgentOpsRoute vendor 'hello').PredictedCost | Should -BeGreaterThan 0
    }
}

Describe 'Test-AgentOpsProvider' {
    It 'shows an answer, and records its cost' {
        $records = (Get-AgentOpsContext).Records
        $test = Get-AgentOpsProvider echo | Test-AgentOpsProvider
        $test.Reachable, $test.Authenticated, $test.Answered | Should -Be $true, $true, $true
        $test.Latency.TotalMilliseconds | Should -BeGreaterThan 10
        $test.Cost | Should -Be 0.0002
        (Get-AgentOpsContext).Records | Should -Be ($records + 1)
    }

    It 'tells an address where nobody answers from a credential that is not there' {
        $null = Register-AgentOpsProvider silent openai -Uri http://127.0.0.1:9/v1 -Force
        $silent, $keyless = 'silent', 'vendor' | Test-AgentOpsProvider -Model m
        $silent.Reachable | Should -BeFalse
        $silent.Authenticated | Should -BeNullOrEmpty
        $silent.Answered | Should -BeFalse
        $keyless.Authenticated | Should -BeFalse
        $keyless.Detail | Should -BeLike '*NO_SUCH_KEY*'
    }

    It 'is an error only for a provider that there is not' {
        Test-AgentOpsProvider nobody, echo -ErrorAction SilentlyContinue -ErrorVariable problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ProviderNotFound,*'
    }
}
