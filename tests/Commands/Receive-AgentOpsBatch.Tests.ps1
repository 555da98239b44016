BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    $null = Connect-AgentOps -Store $store
    $steps = @{ when = @{ contains = 'bad' }; repeat = $true; say = 'no'; fault = @{ kind = 'invalid-request'; times = -1 } },
    @{ say = 'Re: {{user}}'; repeat = $true; usage = @{ input = 1000; output = 100 } }
    $null = Register-AgentOpsProvider rehearsal simulated -Option @{ scenario = @{ steps = $steps } }
    Set-AgentOpsRoute priced -Target rehearsal/m -InputPrice 1 -OutputPrice 10
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Batches' {
    It 'are submitted here and collected by another runspace, in order, once paid' {
        $batch = 'one', 'bad', 'two' | Invoke-AgentOpsRoute priced -Batch -NoWait -Task overnight
        $batch.State | Should -Be 'Running'
        $batch.Count | Should -Be 3
        $batch.Reserved | Should -BeGreaterThan 0
        $id = $batch.Id
        $job = Start-ThreadJob {
            Import-Module $using:ManifestPath
            $null = Connect-AgentOps -Store $using:store
            Receive-AgentOpsBatch $using:id -ErrorAction SilentlyContinue -ErrorVariable problems
            $problems | ForEach-Object { [pscustomobject]@{ Failed = $_.TargetObject; Id = $_.FullyQualifiedErrorId } }
        }
        $there = $job | Receive-Job -Wait -AutoRemoveJob
        $there[0, 1].Text -join ', ' | Should -Be 'Re: one, Re: two'
        $there.Count | Should -Be 3
        $there[2].Failed | Should -Be 'bad'
        $there[2].Id | Should -BeLike 'ProviderRequestRefused,*'

        $records = (Get-AgentOpsContext).Records
        $again = $batch | Receive-AgentOpsBatch -ErrorAction SilentlyContinue
        ($again.Text) -join ', ' | Should -Be 'Re: one, Re: two'
        $again[1].Index | Should -Be 2
        (Get-AgentOpsContext).Records | Should -Be $records
        (Measure-AgentOpsUsage -By Task | Where-Object Key -EQ overnight).Cost | Should -Be 0.004
        (Get-AgentOpsBatch $batch.Id).State | Should -Be 'Collected'
        (Get-AgentOpsBatch $batch.Id).Cost | Should -Be 0.004
    }

    It 'wait for their answers where nothing else is said' {
        ('a', 'b' | Invoke-AgentOpsRoute priced -Batch).Text -join ', ' | Should -Be 'Re: a, Re: b'
    }

    It 'hand nothing over under -WhatIf' {
        $records = (Get-AgentOpsContext).Records
        'a' | Invoke-AgentOpsRoute priced -Batch -WhatIf
        Get-AgentOpsBatch -State Collected | Stop-AgentOpsBatch -WhatIf
        Get-AgentOpsBatch | Receive-AgentOpsBatch -WhatIf
        (Get-AgentOpsContext).Records | Should -Be $records
    }

    It 'say why no target takes them' {
        $null = Register-AgentOpsProvider recorded replay -Option @{ file = 'none.jsonl' }
        Set-AgentOpsRoute recorded -Target recorded/m
        { 'a' | Invoke-AgentOpsRoute recorded -Batch -ErrorAction Stop } | Should -Throw -ErrorId 'NoEligibleTarget,*' -ExpectedMessage '*no interface for batches*'
    }

    It 'are told as refused where the provider does not take them' {
        $null = Register-AgentOpsProvider nowhere openai -Uri http://127.0.0.1:9/v1
        Set-AgentOpsRoute nowhere -Target nowhere/m -InputPrice 1 -OutputPrice 1
        { 'a' | Invoke-AgentOpsRoute nowhere -Batch -ErrorAction Stop } | Should -Throw -ErrorId 'ProviderFailed,*'
        $refused = Get-AgentOpsBatch -State Refused
        $refused.Reserved | Should -BeNullOrEmpty
        { $refused | Receive-AgentOpsBatch -ErrorAction Stop } | Should -Throw -ErrorId 'BatchNotTaken,*'
    }

    It 'that are not there are named' {
        { Get-AgentOpsBatch none -ErrorAction Stop } | Should -Throw -ErrorId 'BatchNotFound,*'
        { Receive-AgentOpsBatch none -Wait -ErrorAction Stop } | Should -Throw -ErrorId 'BatchNotFound,*'
        { Stop-AgentOpsBatch none -ErrorAction Stop } | Should -Throw -ErrorId 'BatchNotFound,*'
        Get-AgentOpsBatch none* | Should -BeNullOrEmpty
    }
}
