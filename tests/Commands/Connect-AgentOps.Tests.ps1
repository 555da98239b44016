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

Describe 'Connect-AgentOps' {
    It 'takes a path relative to PowerShell''s own location, also with brackets' {
        $before = Get-Location
        try {
            Set-Location -LiteralPath $store
            (Connect-AgentOps -Store './inner [x]').Store | Should -BeExactly (Join-Path (Get-Location).ProviderPath 'inner [x]')
        }
        finally {
            Set-Location $before
            $null = Connect-AgentOps -Store $store
        }
    }

    It 'keeps the connection when the new one can''t be opened' {
        $file = Join-Path $store 'file'
        'text' | Set-Content -LiteralPath $file
        Connect-AgentOps -Store (Join-Path $file 'below') -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.Count | Should -Be 1
        (Get-AgentOpsContext).Store | Should -Be $store
    }

    It 'records on whose behalf agents act, and rules ask for it' {
        $null = Grant-AgentOpsPermission host-watch tool:Get-HostFile -OnBehalfOf anna -Id for-anna -Argument @{ Path = @{ type = 'string'; in = '/etc/passwd' } }
        Test-AgentOpsPermission host-watch tool:Get-HostFile @{ Path = '/etc/passwd' } | Should -BeFalse
        try {
            (Connect-AgentOps -Store $store -OnBehalfOf anna).OnBehalfOf | Should -BeExactly 'anna'
            Test-AgentOpsPermission host-watch tool:Get-HostFile @{ Path = '/etc/passwd' } | Should -BeTrue
        }
        finally {
            $null = Connect-AgentOps -Store $store
        }
    }
}
