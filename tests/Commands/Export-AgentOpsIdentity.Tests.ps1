BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    Initialize-ExampleWorkspace -Store $store
    $null = Connect-AgentOps -Store $store
    $file = Join-Path $store 'jwks.json'
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Export-AgentOpsIdentity and Update-AgentOpsIdentity' {
    It 'writes and makes nothing under -WhatIf' {
        $records = (Get-AgentOpsContext).Records
        Export-AgentOpsIdentity -LiteralPath $file -WhatIf | Should -BeNullOrEmpty
        Update-AgentOpsIdentity -Agent host-watch -WhatIf | Should -BeNullOrEmpty
        Test-Path -LiteralPath $file | Should -BeExactly $false
        (Get-AgentOpsContext).Records | Should -Be $records
    }

    It 'gives public keys alone, and both of a key that was replaced' {
        $first = Update-AgentOpsIdentity -Agent host-watch
        $second = Get-AgentOpsAgent host-watch | Update-AgentOpsIdentity
        Export-AgentOpsIdentity -LiteralPath $file -Agent host-watch | Should -BeOfType ([System.IO.FileInfo])
        $keys = (Get-Content -LiteralPath $file -Raw | ConvertFrom-Json).keys
        $keys.kid | Should -Be $first.KeyId, $second.KeyId
        $keys[0].PSObject.Properties.Name | Should -Be 'kty', 'crv', 'x', 'y', 'use', 'alg', 'kid', 'agent'
    }

    It 'gives the file as the file system does' {
        $file = Export-AgentOpsIdentity -LiteralPath (Join-Path $store 'keys [1].json')
        $file | Should -BeOfType System.IO.FileInfo
        $file.PSPath | Should -BeLike '*keys `[1`].json'
        ($file | Format-Table | Out-String) | Should -Match "$($file.Length) +keys"
    }

    It 'says that there is no such agent, and leaves no file' {
        $other = Join-Path $store 'other.json'
        { Export-AgentOpsIdentity -LiteralPath $other -Agent nobody -ErrorAction Stop } | Should -Throw -ErrorId 'AgentNotFound*'
        { Update-AgentOpsIdentity -Agent nobody -ErrorAction Stop } | Should -Throw -ErrorId 'AgentNotFound*'
        Get-ChildItem -LiteralPath $store -Filter 'other*' | Should -BeNullOrEmpty
    }

    It 'is asked for when a tool is registered, and refused where it would travel in the clear' {
        $tool = Register-AgentOpsTool -Name Get-Order -Uri 'https://orders.example/{Id}' -Parameter @{ Id = @{ mandatory = $true } } -SendIdentity -Audience orders -SideEffect None
        $tool.Name | Should -Be 'Get-Order'
        { Register-AgentOpsTool -Name Get-Clear -Uri 'http://orders.example/' -SendIdentity -ErrorAction Stop } | Should -Throw -ErrorId 'ToolInvalid*'
    }
}
