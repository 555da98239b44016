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

Describe 'Grant-AgentOpsPermission' {
    It 'writes numbers, lists and times in the language, whatever their PowerShell type' {
        $null = Register-AgentOpsTool -Name Send-Payment -Program echo, '{Payee}', '{Amount}' -Parameter @{ Payee = 'string'; Amount = 'decimal' }
        $null = Grant-AgentOpsPermission host-watch tool:Send-Payment -Argument @{
            Payee  = @{ type = 'string'; in = 'acme', 'globex' }
            Amount = @{ type = 'decimal'; min = 0.01; max = [decimal] 500 }
        }
        Test-AgentOpsPermission host-watch tool:Send-Payment @{ Payee = 'acme'; Amount = 500 } | Should -BeTrue
        Test-AgentOpsPermission host-watch tool:Send-Payment @{ Payee = 'acme'; Amount = 500.01 } | Should -BeFalse
        Test-AgentOpsPermission host-watch tool:Send-Payment @{ Payee = 'other'; Amount = 1 } | Should -BeFalse
        Test-AgentOpsPermission host-watch tool:Send-Payment @{ Payee = 'acme' } | Should -BeFalse
    }

    It 'lets a forbid win, in whatever order' {
        $null = Grant-AgentOpsPermission -Effect Forbid -Resource 'tool:Get-*' -Id nothing
        Test-AgentOpsPermission host-watch tool:Get-HostUptime | Should -BeFalse
        Revoke-AgentOpsPermission nothing
        Test-AgentOpsPermission host-watch tool:Get-HostUptime | Should -BeTrue
    }

    It 'expires' {
        $grant = Grant-AgentOpsPermission host-watch tool:Restart-Service -Id brief -ExpiresAfter 01:00:00
        $grant.Expires | Should -BeGreaterThan ([DateTimeOffset]::UtcNow.AddMinutes(59))
        Revoke-AgentOpsPermission host-watch/no-restarts
        Test-AgentOpsPermission host-watch tool:Restart-Service @{ Name = 'web' } | Should -BeTrue
        Test-AgentOpsPermission host-watch tool:Restart-Service @{ Name = 'web' } -At ([DateTimeOffset]::UtcNow.AddHours(2)) | Should -BeFalse
    }

    It 'notices that the same was granted before, and refuses a wildcard in a permit' {
        $null = Grant-AgentOpsPermission host-watch tool:New-ScratchFolder
        Grant-AgentOpsPermission host-watch tool:New-ScratchFolder -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'PermissionExists,*'
        Grant-AgentOpsPermission host-watch 'tool:*' -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].CategoryInfo.Category | Should -Be 'InvalidData'
    }
}
