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

Describe 'Import-AgentOpsConfiguration' {
    It 'changes nothing when nothing differs, also from another place' {
        $copy = Join-Path $store 'copy.yaml'
        Copy-Item -LiteralPath (Join-Path $RepositoryRoot 'module/quickstart/workspace.yaml') -Destination $copy
        Import-AgentOpsConfiguration -LiteralPath $copy | Should -BeNullOrEmpty
    }

    It 'takes in all or nothing, and says where it is wrong' {
        $file = Join-Path $store 'wrong.yaml'
        @'
apiVersion: agentops/v1
kind: Agent
name: first
route: default
---
apiVersion: agentops/v1
kind: Agent
name: second
rout: default
'@ | Set-Content -LiteralPath $file
        Import-AgentOpsConfiguration -LiteralPath $file -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'InvalidConfiguration,*'
        "$($problems[0])" | Should -Match 'wrong\.yaml:9:1'
        "$($problems[0])" | Should -Match 'route'
        Get-AgentOpsAgent -Name firs[t] | Should -BeNullOrEmpty
        Test-AgentOpsConfiguration -LiteralPath $file -WarningAction SilentlyContinue | Should -BeExactly $false
    }

    It 'takes a folder, and gives each change' {
        $folder = New-Item -ItemType Directory -Path (Join-Path $store 'configuration')
        "apiVersion: agentops/v1`nkind: Agent`nname: third`nroute: default" | Set-Content -LiteralPath (Join-Path $folder.FullName 'a.yaml')
        $change = Import-AgentOpsConfiguration -LiteralPath $folder.FullName
        "$($change.Action) $($change.Kind) $($change.Name)" | Should -Be 'Create Agent third'
    }

    It 'prunes what the file does not hold, not without a word' {
        $file = Join-Path $RepositoryRoot 'module/quickstart/workspace.yaml'
        Import-AgentOpsConfiguration -LiteralPath $file -Prune -WhatIf
        Get-AgentOpsAgent third | Should -Not -BeNullOrEmpty
        $change = Import-AgentOpsConfiguration -LiteralPath $file -Prune -Force
        "$($change.Action) $($change.Kind) $($change.Name)" | Should -Be 'Remove Agent third'
        $null = New-AgentOpsAgent -Name fourth -Route default
        $script = "Import-Module '$ManifestPath'; `$null = Connect-AgentOps -Store '$store'; Import-AgentOpsConfiguration -LiteralPath '$file' -Prune -ErrorVariable problems -ErrorAction SilentlyContinue; `$problems[0].FullyQualifiedErrorId"
        Invoke-FreshPowerShell -Script $script | Should -Match 'ConfirmationUnavailable'
        Get-AgentOpsAgent fourth | Should -Not -BeNullOrEmpty
    }

    It 'exports what imports back to the same workspace, in another one too' {
        $null = Register-AgentOpsTool -Name Get-Now -Command Get-Date -SideEffect None
        $null = Grant-AgentOpsPermission host-watch tool:Get-Now -Id now
        $file = Export-AgentOpsConfiguration -LiteralPath (Join-Path $store 'out.yaml')
        Import-AgentOpsConfiguration -LiteralPath $file.FullName -Prune -Force | Should -BeNullOrEmpty
        { Export-AgentOpsConfiguration -LiteralPath $file.FullName -NoClobber -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
        $other = Get-TestStore
        try {
            $null = Connect-AgentOps -Store $other
            $null = Import-AgentOpsConfiguration -LiteralPath $file.FullName
            $again = Export-AgentOpsConfiguration -LiteralPath (Join-Path $store 'again.yaml')
            Get-Content -Raw -LiteralPath $again.FullName | Should -BeExactly (Get-Content -Raw -LiteralPath $file.FullName)
        } finally {
            $null = Connect-AgentOps -Store $store
            Remove-Item -LiteralPath $other -Recurse -Force
        }
    }
}
