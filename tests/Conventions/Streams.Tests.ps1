BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
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
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $first = $null
        Invoke-AgentOpsAgent talker hello -Stream | ForEach-Object { if (-not $first -and $_.Kind -eq 'Text') { $first = $clock.Elapsed } }
        $first | Should -BeLessThan ($clock.Elapsed / 2)
    }

    It 'ends at once when a command downstream has enough, and the session is stopped' {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $first = Invoke-AgentOpsAgent talker hello -Stream | Where-Object Kind -EQ Text | Select-Object -First 1
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 2
        (Get-AgentOpsSession $first.Session).State | Should -Be 'Stopped'
        Test-AgentOpsLedger | Should -BeTrue
    }

    It 'passes on what a command downstream throws, and the session is stopped' {
        $script:last = $null
        { Invoke-AgentOpsAgent talker hello -Stream | ForEach-Object { $script:last = $_; if ($_.Kind -eq 'Text') { throw 'downstream' } } } | Should -Throw 'downstream'
        (Get-AgentOpsSession $script:last.Session).State | Should -Be 'Stopped'
    }

    It 'stops within a second, and says so in the ledger (28)' {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$ManifestPath'; `$null = Connect-AgentOps -Store '$store'; Invoke-AgentOpsAgent talker hello -Stream")
            $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
            $running = $shell.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]::new(), $output)
            $deadline = [datetime]::UtcNow.AddSeconds(20)
            while ($output.Count -lt 3 -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 20 }
            $output[2].Kind | Should -Be 'Text'
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $clock.Elapsed.TotalSeconds | Should -BeLessThan 1
            $running.IsCompleted | Should -BeTrue
            (Get-AgentOpsSession $output[0].Session).State | Should -Be 'Stopped'
        }
        finally {
            $shell.Dispose()
        }
    }

    It 'completes its progress, also on failure (27)' {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$ManifestPath'; `$null = Connect-AgentOps -Store '$store'; Invoke-AgentOpsAgent host-watch hello; Invoke-AgentOpsAgent nobody hello -ErrorAction SilentlyContinue; Test-AgentOpsLedger")
            $null = $shell.Invoke()
            foreach ($activity in $shell.Streams.Progress.Where({ $_.ActivityId -ge 0x41470000 }) | Group-Object ActivityId, Activity) {
                $activity.Group[-1].RecordType | Should -Be 'Completed' -Because $activity.Name
            }
            $shell.Streams.Progress.Count | Should -BeGreaterThan 3
        }
        finally {
            $shell.Dispose()
        }
    }

    It 'tells with -Verbose why each call was allowed or refused' {
        $story = Invoke-AgentOpsAgent host-watch 'Look after this host.' -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $story.Message -match '^Allowed by host-watch/look' | Should -Not -BeNullOrEmpty
        $story.Message -match '^Refused: Restart-Service' | Should -Not -BeNullOrEmpty
    }

    It 'never shows a secret (30)' {
        $canary = 'canary-7f3a9b52c1d84e60'
        $env:AGENTOPS_TEST_CANARY = $canary
        $folder = Get-TestStore
        try {
            $transcript = Join-Path $folder 'transcript.txt'
            $null = Start-Transcript -LiteralPath $transcript
            $everything = & {
                Register-AgentOpsProvider -Name keyed -Kind openai -Uri http://127.0.0.1:9/v1 -ApiKeyVariable AGENTOPS_TEST_CANARY -Verbose -Debug
                Set-AgentOpsRoute -Name keyed -Target keyed/model
                New-AgentOpsAgent -Name keyed -Route keyed
                Invoke-AgentOpsAgent keyed 'hello' -OperationTimeoutSeconds 5 -Verbose -Debug -ErrorAction Continue
                Get-AgentOpsProvider keyed | Format-List *
            } *>&1 | Out-String
            $null = Stop-Transcript
            $everything | Should -Not -BeLike "*$canary*"
            Get-Content -LiteralPath $transcript -Raw | Should -Not -BeLike "*$canary*"
            Get-ChildItem -LiteralPath $store -Recurse -File | Select-String -SimpleMatch $canary | Should -BeNullOrEmpty
        }
        finally {
            Remove-Item Env:AGENTOPS_TEST_CANARY
            Remove-Item -LiteralPath $folder -Recurse -Force
        }
    }
}
