BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    $null = Connect-AgentOps -Store $store
    $number = @{ Number = @{ type = 'integer'; mandatory = $true } }
    $null = Register-AgentOpsTool -Name Undo-Change -Program echo, '-{Number}' -Parameter $number
    $null = Register-AgentOpsTool -Name New-Change -Program echo, '+{Number}' -Parameter $number -SideEffect Reversible -Compensation Undo-Change
    $null = Register-AgentOpsTool -Name Burn -Program echo, burnt
    $step = @(
        @{ call = @{ tool = 'New-Change'; arguments = @{ Number = 1 } } }
        @{ call = @{ tool = 'New-Change'; arguments = @{ Number = 2 } } }
        @{ call = @{ tool = 'Burn'; arguments = @{} } }
    )
    Register-ScriptedAgent -Name fails -Tool New-Change, Burn -Step ($step + @{ fault = 'authentication' })
    Register-ScriptedAgent -Name answers -Tool New-Change, Burn -Step ($step + @{ say = 'done' })
    $null = 'fails', 'answers' | ForEach-Object { Grant-AgentOpsPermission -Agent $_ -Resource tool:New-Change, tool:Burn, tool:Undo-Change }
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Set-AgentOpsAgent -UndoOnFailure' {
    It 'is said of an agent, and taken back' {
        (Get-AgentOpsAgent fails).UndoOnFailure | Should -BeFalse
        (Set-AgentOpsAgent fails -UndoOnFailure:$false -PassThru).UndoOnFailure | Should -BeFalse
        (Set-AgentOpsAgent fails, answers -UndoOnFailure -PassThru).UndoOnFailure | Should -Be $true, $true
        (Set-AgentOpsAgent fails -MaxSteps 9 -PassThru).UndoOnFailure | Should -BeTrue
    }

    It 'undoes what a failed session did, and warns of what stands' {
        $result = Invoke-AgentOpsAgent fails go -ErrorAction SilentlyContinue -ErrorVariable fault -WarningVariable warned -WarningAction SilentlyContinue
        $fault.Count | Should -Be 1
        $result.Status | Should -Be Failed
        $result.Undone.Call | Should -BeExactly c3, c2, c1
        $result.Undone.Outcome | Should -BeExactly Impossible, Undone, Undone
        $warned | Should -BeLike '*c3 of Burn*no compensation*'
        $result | Format-List | Out-String | Should -Match 'Undone\s*: c3 Burn: Impossible, c2 New-Change: Undone, c1'
        (Get-AgentOpsSession $result.Session -Explain).Text | Should -Contain "Burn (c3) was not undone, impossible: The tool 'Burn' has no compensation."
        Resume-AgentOpsSession $result.Session -ErrorAction SilentlyContinue -ErrorVariable again
        $again.FullyQualifiedErrorId | Should -BeLike 'SessionNotResumable*'
    }

    It 'leaves a session that was answered as it is' {
        $result = Invoke-AgentOpsAgent answers go -WarningVariable warned
        $result.Undone.Count | Should -Be 0
        $warned.Count | Should -Be 0
        $result | Format-List | Out-String | Should -Not -Match 'Undone'
        $undone = $result.Session | Undo-AgentOpsSession -Confirm:$false
        $undone.Outcome | Should -BeExactly Impossible, Undone, Undone
    }
}
