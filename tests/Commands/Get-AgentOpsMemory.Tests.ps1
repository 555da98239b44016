BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    $null = Connect-AgentOps -Store $store
    Register-AgentOpsTool -Name remember -Memory Remember
    Register-AgentOpsTool -Name remember-all -Memory Remember -Shared
    $keep = { param($Name) @{ call = @{ tool = 'remember'; arguments = @{ Name = $Name; Value = "about $Name" } } } }
    Register-ScriptedAgent -Name one -Tool remember, remember-all -Step (& $keep plan), (& $keep note), @{ call = @{ tool = 'remember-all'; arguments = @{ Name = 'plan'; Value = 'for all' } } }, @{ say = 'done' }
    Register-ScriptedAgent -Name two -Tool remember -Step (& $keep plan), @{ say = 'done' }
    $null = Grant-AgentOpsPermission -Agent one -Resource tool:remember, tool:remember-all
    $null = Grant-AgentOpsPermission -Agent two -Resource tool:remember
    $null = 'one', 'two' | ForEach-Object { Invoke-AgentOpsAgent $_ go }
    $person = (Get-AgentOpsContext).OnBehalfOf
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Get-AgentOpsMemory' {
    It 'gives each fact once, with whose it is and what it says' {
        $all = @(Get-AgentOpsMemory)
        $all.Count | Should -Be 4
        @($all | Where-Object OnBehalfOf -EQ anyone).Value | Should -BeExactly 'for all'
        @($all | Where-Object OnBehalfOf -EQ $person).Count | Should -Be 3
        $all | ForEach-Object { $_.DataClass | Should -Be internal; $_.Untrusted | Should -BeFalse; $_.Session | Should -BeIn (Get-AgentOpsSession).Id }
    }

    It 'selects by name, agent and person' {
        (Get-AgentOpsMemory PL* -Agent ONE -OnBehalfOf $person).Value | Should -BeExactly 'about plan'
        @(Get-AgentOpsMemory plan, p*).Count | Should -Be 3
        @(Get-AgentOpsMemory -Agent t*).Agent | Should -BeExactly two
        @(Get-AgentOpsMemory -OnBehalfOf nob*).Count | Should -Be 0
        { Get-AgentOpsMemory plan -Agent nobody -ErrorAction Stop } | Should -Throw -ErrorId 'AgentNotFound*'
    }

    It 'fits into 80 columns' {
        (Get-AgentOpsMemory | Out-String -Width 80) -split '\r?\n' | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 }
    }
}

Describe 'Remove-AgentOpsMemory' {
    It 'completes what there is' {
        $text = 'Remove-AgentOpsMemory -Agent two -Name '
        @((TabExpansion2 $text $text.Length).CompletionMatches.CompletionText) | Should -BeExactly plan
    }

    It 'removes the very facts that are piped, and no other of the name' {
        Get-AgentOpsMemory -OnBehalfOf anyone | Remove-AgentOpsMemory -Confirm:$false
        (Get-AgentOpsMemory plan).OnBehalfOf | Should -BeExactly $person, $person
        Remove-AgentOpsMemory plan one -WhatIf
        Remove-AgentOpsMemory nothing, plan one -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable missing
        $missing.FullyQualifiedErrorId | Should -BeLike 'FactNotFound*'
        (Get-AgentOpsMemory | Sort-Object Agent).Name | Should -BeExactly note, plan
        (Get-AgentOpsAudit -Type memory.forgotten).Count | Should -Be 2
    }

    It 'tells what was erased' {
        Remove-AgentOpsPayload -OlderThan ([DateTimeOffset]::UtcNow.AddMinutes(1)) -Confirm:$false
        (Get-AgentOpsMemory note).Erased | Should -BeTrue
        Get-AgentOpsMemory note | Out-String | Should -BeLike '*(erased)*'
    }
}
