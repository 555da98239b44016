BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    Initialize-ExampleWorkspace -Store $store
    $null = Connect-AgentOps -Store $store
    $result = Invoke-AgentOpsAgent host-watch 'Look after this host.'
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'An object in the place of its name or id' {
    It 'serves: <Words>' -ForEach @(
        @{ Words = 'an agent to ask'; Use = { (Invoke-AgentOpsAgent (Get-AgentOpsAgent host-watch) 'Again.').Status }; Expected = 'Completed' }
        @{ Words = 'a result to look at'; Use = { (Get-AgentOpsSession $result).Id }; Expected = { $result.Session } }
        @{ Words = 'a session to go on with'; Use = { (Invoke-AgentOpsAgent host-watch 'And?' -Session (Get-AgentOpsSession $result)).Session }; Expected = { $result.Session } }
        @{ Words = 'tools of an agent'; Use = { (Set-AgentOpsAgent host-watch -Tool (Get-AgentOpsTool Get-Host*) -PassThru).Tool.Count }; Expected = 2 }
        @{ Words = 'a route to ask'; Use = { (Invoke-AgentOpsRoute (Get-AgentOpsRoute default) 'Hello').Route }; Expected = 'default' }
        @{ Words = 'a provider'; Use = { (Get-AgentOpsProvider (Get-AgentOpsProvider)).Name }; Expected = 'rehearsal' }
        @{ Words = 'a permission to revoke'; Use = { Revoke-AgentOpsPermission (Get-AgentOpsPermission host-watch/disk); @(Get-AgentOpsPermission *disk).Count }; Expected = 0 }
        @{ Words = 'a model'; Use = { (Get-AgentOpsModel (Get-AgentOpsModel llama-3.1-8b)).Name }; Expected = 'llama-3.1-8b' }
        @{ Words = 'a batch'; Use = { $batch = Invoke-AgentOpsRoute default 'one' -Batch -NoWait; (Get-AgentOpsBatch $batch).Id -eq $batch.Id }; Expected = $true }
        @{ Words = 'words'; Use = { "$(Get-AgentOpsAgent) $(Get-AgentOpsRoute)" }; Expected = 'host-watch default' }
    ) {
        $wanted = if ($Expected -is [scriptblock]) { & $Expected } else { $Expected }
        & $Use | Should -Be $wanted
    }
}
