BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    $script = @"
Import-Module '$ManifestPath'
`$null = Connect-AgentOps -Store '$store'
`$null = Register-AgentOpsTool -Name server -Mcp sh, -c, 'test "`$TOKEN" = canary-in-the-vault && echo the token is right >&2; exit 1' -Environment @{ TOKEN = 'vault:token' } -ErrorAction SilentlyContinue -ErrorVariable problems
`$problems[0].FullyQualifiedErrorId; `$problems[0].Exception.Message
"@
}

AfterAll {
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Secrets in a vault' {
    It 'says what is missing where SecretManagement is not installed' {
        $output = Invoke-FreshPowerShell $script -Environment @{ PSModulePath = (Join-Path $PSHOME 'Modules') }
        $output | Should -BeLike 'SecretVaultUnavailable,*SecretManagement is not installed*'
    }

    It 'asks Get-Secret of that module, and no stream shows what it gave' {
        # A module of that name stands in for the real one: what is tested is that its command is called, by its full name.
        # PowerShell finds no module under a path with brackets.
        $modules = Join-Path ([IO.Path]::GetTempPath()) "modules-$([guid]::NewGuid().ToString('n'))"
        $folder = [IO.Directory]::CreateDirectory((Join-Path $modules 'Microsoft.PowerShell.SecretManagement')).FullName
        'function Get-Secret { [CmdletBinding()] param([string] $Name, [string] $Vault, [switch] $AsPlainText) if ($Name -eq "token") { "canary-in-the-vault" } else { throw "none" } }' |
            Set-Content -LiteralPath (Join-Path $folder 'Microsoft.PowerShell.SecretManagement.psm1')
        $output = Invoke-FreshPowerShell $script -Environment @{ PSModulePath = $modules + [IO.Path]::PathSeparator + (Join-Path $PSHOME 'Modules') }
        $output | Should -BeLike 'ToolServerUnavailable,*the token is right*'
        $output | Should -Not -BeLike '*canary-in-the-vault*'
        Remove-Item -LiteralPath $modules -Recurse -Force
    }
}
