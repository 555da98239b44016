BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    . (Join-Path $PSScriptRoot 'Behaviour.ps1')
    $store = Get-TestStore
    Initialize-ExampleWorkspace -Store $store
    $null = Connect-AgentOps -Store $store
    # A model that talks slowly: forty words, a tenth of a second each.
    $words = 1..40 -join ' '
    $null = Register-AgentOpsProvider -Name slow -Kind simulated -Option @{ scenario = @{ latency = @{ perTokenMs = 100 }; steps = @(@{ say = $words }) } }
    Set-AgentOpsRoute -Name slow -Target slow/talker
    $null = New-AgentOpsAgent -Name talker -Route slow
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Streams' {
    It 'gives streamed output before the command ends (29)' {
        Find-LateOutput { Invoke-AgentOpsAgent talker hello -Stream } { $args[0].Kind -eq 'Text' } | Should -BeNullOrEmpty
    }

    It 'calls the pipeline on its own thread only (25)' {
        Find-ThreadTrouble { Invoke-AgentOpsAgent host-watch hello -Stream -Verbose -Debug; Invoke-AgentOpsAgent nobody hello; Test-AgentOpsLedger } | Should -BeNullOrEmpty
    }

    It 'ends at once when a command downstream has enough, and the session is stopped' {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $first = Invoke-AgentOpsAgent talker hello -Stream | Where-Object Kind -EQ Text | Select-Object -First 1
        $clock.Elapsed.TotalSeconds | Should -BeLessThan (2 + (Get-Slack))
        (Get-AgentOpsSession $first.Session).State | Should -Be 'Stopped'
        Test-AgentOpsLedger | Should -BeTrue
    }

    It 'passes on what a command downstream throws, and the session is stopped' {
        $script:last = $null
        { Invoke-AgentOpsAgent talker hello -Stream | ForEach-Object { $script:last = $_; if ($_.Kind -eq 'Text') { throw 'downstream' } } } | Should -Throw 'downstream'
        (Get-AgentOpsSession $script:last.Session).State | Should -Be 'Stopped'
    }

    It 'stops within a second, and says so in the ledger (28)' {
        Find-StopTrouble "Import-Module '$ManifestPath'; `$null = Connect-AgentOps -Store '$store'; Invoke-AgentOpsAgent talker hello -Stream" -After 3 -Ended {
            if ($args[0][2].Kind -ne 'Text') { "it gave $($args[0][2].Kind)" }
            if ((Get-AgentOpsSession $args[0][0].Session).State -ne 'Stopped') { 'the session is not stopped' }
        } | Should -BeNullOrEmpty
    }

    It 'completes its progress, also on failure (27)' {
        Find-OpenProgress "Import-Module '$ManifestPath'; `$null = Connect-AgentOps -Store '$store'; Invoke-AgentOpsAgent host-watch hello; Invoke-AgentOpsAgent nobody hello -ErrorAction SilentlyContinue; Test-AgentOpsLedger" | Should -BeNullOrEmpty
    }

    It 'tells with -Verbose the story of each decision: for whom, within what, by which rules, and where each prompt went and why' {
        $null = Grant-AgentOpsPermission -Agent host-watch -Effect Require -Resource tool:Get-HostUptime -Id rarely -Obligation @{ limit = @{ key = 'agent'; sum = 'calls'; max = 1000; window = 'PT1H' } }
        $story = @(Invoke-AgentOpsAgent host-watch 'Look after this host.' -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }).Message
        $me = [regex]::Escape((Get-AgentOpsContext).OnBehalfOf)
        foreach ($expected in @(
                "^Session \S+ of host-watch opened \(for $me; at most \d+ model calls, \d+ tool calls, [\d:]+"
                '^Model call 1: route default \(\w+\) takes rehearsal/operator-1: \S.*set aside\.$'
                '^Model call 1 ended; it cost \$0\.\d+\.$'
                '^Allowed by host-watch/look, rarely: Get-HostUptime \{\} \(rarely demands limit of 1000 on calls per agent in PT1H\)$'
                '^Get-HostUptime ended: ok\.$'
                '^Refused: Restart-Service .*Forbidden by rule ''host-watch/no-restarts''\. \[host-watch/no-restarts\]$'
                '^Session \S+ ended: .* It cost \$0\.\d+\.$'
            )) { $story -match $expected | Should -Not -BeNullOrEmpty -Because $expected }
        $null = Revoke-AgentOpsPermission -Id rarely
    }

    It 'tells with Test-AgentOpsPermission -Verbose who asks what for whom, and what became of each rule' {
        $null = Grant-AgentOpsPermission -Agent host-watch -Effect Require -Resource tool:Get-HostUptime -Id asked -Obligation @{ approval = @{ quorum = 2 } }
        $story = @(Test-AgentOpsPermission host-watch tool:Get-HostUptime -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }).Message
        $me = [regex]::Escape((Get-AgentOpsContext).OnBehalfOf)
        foreach ($expected in "^May host-watch, for $me, use tool:Get-HostUptime \{\} at [\d-]+T[\d:]+Z\?$", '^Permit host-watch/look .*: Matched$', '^Require asked .*: Matched$', '^asked demands approval by 2\.$', '^Pending; with any arguments') {
            $story -match $expected | Should -Not -BeNullOrEmpty -Because "$expected`n$($story -join "`n")"
        }
        $refused = @(Test-AgentOpsPermission host-watch tool:Restart-Service @{ Name = 'ssh' } -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }).Message
        $refused -match '^Forbid host-watch/no-restarts .*: Matched$' | Should -Not -BeNullOrEmpty
        $null = Revoke-AgentOpsPermission -Id asked
    }

    It 'never shows a secret (30)' {
        $env:AGENTOPS_TEST_CANARY = 'canary-7f3a9b52c1d84e60'
        try {
            Find-Leak $env:AGENTOPS_TEST_CANARY -Folder $store -Attempt {
                Register-AgentOpsProvider -Name keyed -Kind openai -Uri http://127.0.0.1:9/v1 -ApiKeyVariable AGENTOPS_TEST_CANARY -Verbose -Debug
                Set-AgentOpsRoute -Name keyed -Target keyed/model
                New-AgentOpsAgent -Name keyed -Route keyed
                Invoke-AgentOpsAgent keyed 'hello' -OperationTimeoutSeconds 5 -Verbose -Debug -ErrorAction Continue
                Get-AgentOpsProvider keyed | Format-List *
            } | Should -BeNullOrEmpty
        }
        finally {
            Remove-Item Env:AGENTOPS_TEST_CANARY
        }
    }
}
