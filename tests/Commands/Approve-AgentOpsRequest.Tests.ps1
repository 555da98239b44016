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

Describe 'Approve-AgentOpsRequest' {
    BeforeAll {
        $null = Register-AgentOpsTool -Name Send-Word -Program echo, '{Text}' -Parameter @{ Text = 'string' }
        Register-ScriptedAgent -Name sender -Tool Send-Word -Step @{ call = @{ tool = 'Send-Word'; arguments = @{ Text = 'hello' } } }, @{ say = 'done' }
        $null = Grant-AgentOpsPermission sender tool:Send-Word
        $null = Grant-AgentOpsPermission -Agent sender -Effect Require -Resource tool:Send-Word -Id ask -Obligation @{ approval = @{ quorum = 1; notRequester = $false; timeout = 'PT1M' } }

        function Start-Sender {
            [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Starts a job of the test.')]
            param()
            Start-ThreadJob {
                Import-Module $using:ManifestPath
                $null = Connect-AgentOps -Store $using:store
                Invoke-AgentOpsAgent sender go -Stream
            }
        }

        function Wait-Request {
            $deadline = [datetime]::UtcNow.AddSeconds(20)
            do { $request = Get-AgentOpsRequest -State Pending } until ($request -or [datetime]::UtcNow -gt $deadline)
            $request
        }
    }

    It 'lets the waiting call run, in the session that asked' {
        $job = Start-Sender
        try {
            $request = Wait-Request
            $request.Resource | Should -Be 'tool:Send-Word'
            $request.Arguments | Should -Match 'hello'
            ($request | Approve-AgentOpsRequest -Reason 'fine').Answer | Should -Match 'approved: fine'
            $events = $job | Wait-Job -Timeout 20 | Receive-Job
            ($events | Where-Object Kind -EQ ToolCompleted).Outcome | Should -Be 'ok'
            (Get-AgentOpsRequest $request.Id).State | Should -Be 'Consumed'
        }
        finally {
            $job | Remove-Job -Force
        }
    }

    It 'Deny- refuses it, and the agent is told' {
        $job = Start-Sender
        try {
            Wait-Request | Deny-AgentOpsRequest -Reason 'not today' | Out-Null
            $events = $job | Wait-Job -Timeout 20 | Receive-Job
            @($events | Where-Object Kind -EQ ToolRefused).Count | Should -Be 1
            @($events | Where-Object Kind -EQ ToolStarted).Count | Should -Be 0
        }
        finally {
            $job | Remove-Job -Force
        }
    }

    It 'takes no second answer' {
        $request = Get-AgentOpsRequest | Select-Object -First 1
        $request | Approve-AgentOpsRequest -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'AnswerRefused,*'
    }
}
