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

Describe 'Invoke-AgentOpsAgent' {
    It 'gives a result with cost and evidence' {
        $result = Invoke-AgentOpsAgent host-watch 'Look after this host.' -Task nightly
        $result.Status | Should -Be 'Completed'
        $result.ToolCalls | Should -Be 4
        $result.Refusals | Should -Be 2
        $result.Cost | Should -BeGreaterThan 0
        $result.Cost | Should -BeOfType ([decimal])
        @(Get-AgentOpsAudit -Session $result.Session).Count | Should -Be ($result.LastSequence - $result.FirstSequence + 1)
        (Measure-AgentOpsUsage -By Task | Where-Object Key -EQ nightly).Cost | Should -Be $result.Cost
    }

    It 'makes each prompt from the pipeline a session of its own' {
        @('one', 'two' | Invoke-AgentOpsAgent host-watch | Select-Object -ExpandProperty Session -Unique).Count | Should -Be 2
    }

    It 'with -PlanOnly changes nothing and lists what it would' {
        $events = Invoke-AgentOpsAgent host-watch 'Look after this host.' -PlanOnly -Stream
        @($events | Where-Object Kind -EQ ToolPlanned).Tool | Should -Contain 'New-ScratchFolder'
        @($events | Where-Object Kind -EQ ToolStarted).Tool | Should -Not -Contain 'New-ScratchFolder'
    }

    It 'gives the plan with the result' {
        $result = Invoke-AgentOpsAgent host-watch 'Look after this host.' -PlanOnly
        $result.Plan | Should -HaveCount $result.Planned
        $result.Plan[0].Tool | Should -Be 'New-ScratchFolder'
        $result.Plan[0].Arguments | Should -Be '{"Name":"handover"}'
        $result | Format-List | Out-String | Should -Match 'Plan +: New-ScratchFolder'
    }

    It 'says in the table why there is no answer' {
        Invoke-AgentOpsAgent host-watch 'Look after this host.' -MaxCost 0 | Format-Table | Out-String -Width 160 | Should -Match 'LimitReached.*\(.*bound.*\)'
    }

    It 'keeps bounds tighter than the agent''s own' {
        (Invoke-AgentOpsAgent host-watch 'Look after this host.' -MaxSteps 2).Status | Should -Be 'LimitReached'
    }
}

Describe 'Invoke-AgentOpsAgent -OutputSchema' {
    It 'gives the answer as a value, from a hashtable or JSON' {
        $schema = @{ type = 'object'; required = @('names', 'load'); properties = @{ names = @{ type = 'array'; items = @{ type = 'string' } }; load = @{ type = 'number'; minimum = 0.5 } } }
        Register-ScriptedAgent -Name shaper -Step @{ say = 'Gladly!' }, @{ say = '{"names": ["a", "b"], "load": 0.25}' }, @{ say = '{"names": ["2026-01-01", "b"], "load": 0.75, "more": {"n": 9007199254740993, "none": null}}' }
        foreach ($given in $schema, ($schema | ConvertTo-Json -Depth 9)) {
            $result = Invoke-AgentOpsAgent shaper 'Say it.' -OutputSchema $given
            $result.Status | Should -Be 'Completed'
            $result.Steps | Should -Be 3
            $result.Output.names | Should -BeExactly '2026-01-01', 'b'
            $result.Output.load | Should -Be ([decimal] 0.75)
            $result.Output.more.n | Should -Be 9007199254740993
            $result.Output.more.none | Should -BeNullOrEmpty
        }
        @(Get-AgentOpsSession -Id $result.Session -Explain | Where-Object Text -Like 'The answer did not fit*').Count | Should -Be 2
    }

    It 'says what is wrong with a schema before anything is asked' {
        $before = @(Get-AgentOpsSession).Count
        foreach ($bad in @{ typ = 'object' }, '{"type": "objct"}', 'no json', 42, '[]') {
            Invoke-AgentOpsAgent shaper 'Say it.' -OutputSchema $bad -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'OutputSchemaInvalid,*'
        }
        @(Get-AgentOpsSession).Count | Should -Be $before
    }

    It 'fails when no answer fits' {
        Register-ScriptedAgent -Name misfit -Step @{ say = 'no'; repeat = $true }
        $result = Invoke-AgentOpsAgent misfit 'Say it.' -OutputSchema @{ type = 'object' } -ErrorVariable problems -ErrorAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        $result.Output | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'AnswerInvalid,*'
        $problems[0].CategoryInfo.Category | Should -Be 'InvalidData'
    }
}
