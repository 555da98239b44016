BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    $null = Connect-AgentOps -Store $store
    $null = Register-AgentOpsProvider rehearsal simulated
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Set-AgentOpsRoute' {
    It 'keeps everything that Get-AgentOpsRoute gives' {
        Set-AgentOpsRoute bounded rehearsal/a@eu, rehearsal/b@eu -Objective CheapestCapable -MinimumQuality 0.5 -Region eu -MaximumLatency 00:00:05 -InputPrice 3 -OutputPrice 15
        $before = Get-AgentOpsRoute bounded
        $before.InputPrice, $before.OutputPrice | Should -Be 3, 15
        $after = $before | Set-AgentOpsRoute -PassThru
        $after | ConvertTo-Json | Should -BeExactly ($before | ConvertTo-Json)

        $changed = $before | Set-AgentOpsRoute -MinimumQuality 0.8 -PassThru
        $changed.MinimumQuality | Should -Be 0.8
        $changed.Region | Should -Be 'eu'
    }

    It 'keeps what is known of targets that the route has already, and prices of their own' {
        @'
apiVersion: agentops/v1
kind: Route
name: mixed
targets:
- {provider: rehearsal, model: cheap, price: {input: "1", output: "2"}, quality: "0.4"}
- {provider: rehearsal, model: dear, price: {input: "5", output: "9"}}
'@ | Set-Content -LiteralPath (Join-Path $store 'mixed.yaml')
        $null = Import-AgentOpsConfiguration -LiteralPath (Join-Path $store 'mixed.yaml')
        $costs = (Resolve-AgentOpsRoute mixed 'x').PredictedCost
        (Get-AgentOpsRoute mixed).InputPrice | Should -BeNullOrEmpty
        Get-AgentOpsRoute mixed | Set-AgentOpsRoute -Target rehearsal/cheap, rehearsal/dear, rehearsal/third
        $candidates = Resolve-AgentOpsRoute mixed 'x'
        $candidates.PredictedCost | Should -Be ($costs + 0)
        $candidates[0].PredictedQuality | Should -Be 0.4
    }

    It 'refuses <Words>' -ForEach @(
        @{ Words = 'a quality beyond 1'; With = @{ MinimumQuality = 5 } }
        @{ Words = 'a price below 0'; With = @{ InputPrice = -3 } }
        @{ Words = 'no wait at all'; With = @{ MaximumLatency = [timespan]::Zero } }
    ) {
        Set-AgentOpsRoute odd rehearsal/a @With -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'RouteInvalid,*'
        Get-AgentOpsRoute od[d] | Should -BeNullOrEmpty
    }

    It 'takes no bare number for a duration' {
        foreach ($given in 5, '5') {
            { Set-AgentOpsRoute odd rehearsal/a -MaximumLatency $given } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*' -ExpectedMessage '*5 has no unit*00:00:05*'
        }
    }

    It 'completes targets' {
        (TabExpansion2 'Set-AgentOpsRoute new -Target rehearsal/d').CompletionMatches.CompletionText | Should -Be 'rehearsal/dear'
    }
}
