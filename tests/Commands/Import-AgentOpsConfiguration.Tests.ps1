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
}
