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

Describe 'Register-AgentOpsProvider' {
    It 'keeps the reference to a credential, never the credential' {
        $provider = Register-AgentOpsProvider -Name vendor -Kind openai -Uri https://api.example.org/v1 -ApiKeyVariable VENDOR_KEY
        $provider.Secret | Should -BeExactly 'env:VENDOR_KEY'
    }

    It 'refuses a scenario that it does not understand' {
        Register-AgentOpsProvider -Name bad -Kind simulated -Option @{ scenario = @{ nonsense = 1 } } -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ScenarioInvalid,*'
    }

    It 'is taken away only when no route names it' {
        Unregister-AgentOpsProvider rehearsal -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'StillInUse,*'
        Get-AgentOpsProvider vendor | Unregister-AgentOpsProvider
        Get-AgentOpsProvider -Name vendo[r] | Should -BeNullOrEmpty
    }
}
