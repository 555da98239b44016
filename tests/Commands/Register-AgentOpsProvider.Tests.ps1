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

    It 'refuses a credential in the place of the name of its variable, and does not repeat it' {
        foreach ($given in 'sk-proj-1234', 'vault:key', '1KEY', 'a b') {
            Register-AgentOpsProvider -Name leaky -Kind openai -ApiKeyVariable $given -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'SecretReferenceInvalid,*'
            "$($problems[0]) $($problems[0].ErrorDetails.RecommendedAction)" | Should -Not -BeLike "*$given*"
        }
        Get-AgentOpsProvider leak* | Should -BeNullOrEmpty
    }

    It 'refuses an address that is none, and credit below 0' {
        foreach ($given in @{ Uri = 'not-a-uri' }, @{ Uri = 'ftp://example.org' }, @{ Proxy = 'proxy' }, @{ Credit = -5 }) {
            Register-AgentOpsProvider -Name odd -Kind openai @given -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'ProviderInvalid,*'
        }
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

    It 'takes the settings of batches as parameters, beside the options, for Bedrock alone' {
        $role = 'arn:aws:iam::123456789012:role/BedrockBatch'
        $null = Register-AgentOpsProvider aws bedrock -Option @{ region = 'eu-central-1'; batch = @{ minimumRecords = 500 } } -BatchLocation s3://bucket/a -BatchRole $role
        $kept = (Get-AgentOpsAudit -Type provider.registered -Tail 1).Data | ConvertFrom-Json | ForEach-Object options
        $kept.region | Should -BeExactly 'eu-central-1'
        $kept.batch.location | Should -BeExactly 's3://bucket/a'
        $kept.batch.role | Should -BeExactly $role
        $kept.batch.minimumRecords | Should -Be 500
        { Register-AgentOpsProvider gcp gemini -BatchRole $role -ErrorAction Stop } | Should -Throw -ErrorId 'ProviderInvalid,*'
        { Register-AgentOpsProvider half bedrock -Option @{ region = 'x' } -BatchRole $role -ErrorAction Stop } | Should -Throw -ErrorId 'ProviderInvalid,*' -ExpectedMessage '*location*'
    }
}
