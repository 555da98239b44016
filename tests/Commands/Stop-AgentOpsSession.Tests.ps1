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

Describe 'Stop-AgentOpsSession' {
    It 'stops a session of another process within two seconds, and nothing of it follows' {
        $words = 1..200 -join ' '
        $null = Register-AgentOpsProvider -Name slow -Kind simulated -Option @{ scenario = @{ latency = @{ perTokenMs = 100 }; steps = @(@{ say = $words }) } }
        Set-AgentOpsRoute -Name slow -Target slow/talker
        $null = New-AgentOpsAgent -Name talker -Route slow
        $job = Start-ThreadJob {
            Import-Module $using:ManifestPath
            $null = Connect-AgentOps -Store $using:store
            Invoke-AgentOpsAgent talker hello
        }
        try {
            $deadline = [datetime]::UtcNow.AddSeconds(20)
            do { $running = Get-AgentOpsSession -Agent talker -State Running } until ($running -or [datetime]::UtcNow -gt $deadline)
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $running | Stop-AgentOpsSession -Reason 'enough'
            $result = $job | Wait-Job -Timeout 10 | Receive-Job
            $clock.Elapsed.TotalSeconds | Should -BeLessThan (3 + (Get-Slack))
            $result.Status | Should -Be 'Stopped'
            (Get-AgentOpsAudit -Session $running.Id | Select-Object -Last 1).Type | Should -Be 'session.ended'
        }
        finally {
            $job | Remove-Job -Force
        }
    }

    It 'keeps the reason, for a session that a client runs and one that nobody runs' {
        $null = New-AgentOpsAgent served -Route default
        $token = New-AgentOpsToken served
        (Stop-AgentOpsSession $token.Session -Reason 'Enough for today' -PassThru).Reason | Should -Be 'It was stopped: Enough for today'
        { New-AgentOpsToken -Session $token.Session -ErrorAction Stop } | Should -Throw -ErrorId 'SessionNotRunning,*' -ExpectedMessage 'There is no token for a session that does not run. The session was stopped.'
    }

    It 'leaves no question open for a session that can''t go on' {
        $null = Register-AgentOpsTool -Name Get-Code -Ask -SideEffect None
        Register-ScriptedAgent -Name asker -Step @{ call = @{ tool = 'Get-Code'; arguments = @{ Question = 'Which?' } } }, @{ say = 'done' } -Tool Get-Code
        $null = Grant-AgentOpsPermission -Agent asker -Resource tool:Get-Code
        $waiting = Invoke-AgentOpsAgent asker 'Go.' -NoWait -WarningAction SilentlyContinue
        @(Get-AgentOpsRequest -State Pending).Count | Should -Be 1
        Stop-AgentOpsSession $waiting
        Get-AgentOpsRequest -State Pending | Should -BeNullOrEmpty
        (Get-AgentOpsRequest).State | Should -Be 'Burned'
        Disconnect-AgentOps
        $null = Connect-AgentOps -Store $store
        (Get-AgentOpsRequest).State | Should -Be 'Burned'
        { Get-AgentOpsRequest | Approve-AgentOpsRequest -Answer x -ErrorAction Stop } | Should -Throw -ErrorId 'AnswerRefused,*'
    }

    It 'errs about a session that has ended' {
        Get-AgentOpsSession -Agent host-watch | Stop-AgentOpsSession -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'SessionNotRunning,*'
        $problems[0].CategoryInfo.Category | Should -Be 'InvalidOperation'
    }
}
