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

Describe 'New-AgentOpsToken' {
    It 'makes nothing under -WhatIf' {
        $records = (Get-AgentOpsContext).Records
        New-AgentOpsToken -Agent host-watch -WhatIf | Should -BeNullOrEmpty
        (Get-AgentOpsContext).Records | Should -Be $records
    }

    It 'opens a session for each agent, shown while it lasts and stopped like any other' {
        $token = Get-AgentOpsAgent host-watch | New-AgentOpsToken -Task INC-1 -MaxCost 0.5
        $session = Get-AgentOpsSession $token.Session
        $session.Agent, $session.State, $session.Task, $session.IsTainted | Should -Be 'host-watch', 'Running', 'INC-1', $true
        $again = New-AgentOpsToken -Session $token.Session
        $again.Session | Should -Be $token.Session
        $again.Id | Should -Not -Be $token.Id
        (Stop-AgentOpsSession $token.Session -PassThru).State | Should -Be 'Stopped'
        { New-AgentOpsToken -Session $token.Session -ErrorAction Stop } | Should -Throw -ErrorId 'SessionNotRunning*'
        { Resume-AgentOpsSession $token.Session -ErrorAction Stop } | Should -Throw -ErrorId 'SessionNotResumable*'
    }

    It 'shows the token nowhere but where it is asked for' {
        $token = New-AgentOpsToken -Agent host-watch
        $text = $token.Token | ConvertFrom-SecureString -AsPlainText
        $text.Split('.').Count | Should -Be 3
        $shown = ($token | Out-String) + ($token | Format-List * | Out-String) + ($token | ConvertTo-Json) + "$token" + ($token | ConvertTo-Csv | Out-String)
        $shown | Should -Not -Match ([regex]::Escape($text.Split('.')[2]))
        Get-AgentOpsAudit -Type session.token-issued | Select-Object -Last 1 | ConvertTo-Json -Depth 9 | Should -Match $token.Id
    }

    It 'is shown within 80 columns' {
        $lines = (New-AgentOpsToken -Agent host-watch | Out-String -Width 80).Split("`n")
        ($lines | Measure-Object -Property Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $lines -join ' ' | Should -Not -Match '\.\.\.'
    }

    It 'says what is wrong, and goes on with the next' {
        $made = New-AgentOpsToken -Agent nobody, host-watch -ErrorAction SilentlyContinue -ErrorVariable wrong
        $made.Agent | Should -Be 'host-watch'
        $wrong[0].FullyQualifiedErrorId | Should -BeLike 'AgentNotFound*'
        { New-AgentOpsToken -Agent host-watch -Route nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'RouteNotFound*'
        { New-AgentOpsToken -Session none -ErrorAction Stop } | Should -Throw -ErrorId 'SessionNotFound*'
        $null = Suspend-AgentOpsAgent host-watch
        { New-AgentOpsToken -Agent host-watch -ErrorAction Stop } | Should -Throw -ErrorId 'AgentSuspended*'
        $null = Resume-AgentOpsAgent host-watch
    }
}
