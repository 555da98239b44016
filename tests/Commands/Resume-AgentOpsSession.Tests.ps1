BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    $null = Connect-AgentOps -Store $store
    $null = Register-AgentOpsTool -Name Say -Script { param([string] $Text) "said $Text" }
    Register-ScriptedAgent -Name one -Tool Say -Step @{ call = @{ tool = 'Say'; arguments = @{ Text = 'hi' } } }, @{ say = 'It {{tool.Say}}' }
    $null = Grant-AgentOpsPermission one tool:Say
    $null = Grant-AgentOpsPermission -Agent one -Effect Require -Resource tool:Say -Obligation @{ approval = @{ quorum = 1; timeout = 'PT5M'; notRequester = $false } }
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Resume-AgentOpsSession' {
    It 'goes on in another process with what waited for a person, once it was answered' {
        $waiting = Invoke-AgentOpsAgent one go -NoWait
        $waiting.Status | Should -Be 'Pending'
        (Get-AgentOpsSession $waiting.Session).Request | Should -HaveCount 1
        Resume-AgentOpsSession -Due | Should -BeNullOrEmpty
        $null = Get-AgentOpsSession $waiting.Session | ForEach-Object Request | Approve-AgentOpsRequest
        $output = Invoke-FreshPowerShell "Import-Module '$ManifestPath'; `$null = Connect-AgentOps -Store '$store'; (Resume-AgentOpsSession -Due).Answer"
        $output | Should -Be 'It "said hi"'
        (Get-AgentOpsSession $waiting.Session).State | Should -Be 'Completed'
    }

    It 'errs about what has ended, is unknown or is not in doubt, each for itself' {
        $ended = (Get-AgentOpsSession -State Completed).Id
        'none', $ended | Resume-AgentOpsSession -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -Be 'SessionNotFound,AgentOps.Commands.ResumeAgentOpsSessionCommand', 'SessionNotResumable,AgentOps.Commands.ResumeAgentOpsSessionCommand'
        Resume-AgentOpsSession $ended -Outcome @{ c1 = 'ok' } -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'CallNotInDoubt,*'
    }
}
