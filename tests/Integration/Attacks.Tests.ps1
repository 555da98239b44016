# What a script and a command of a hostile agent may try, in real PowerShell. Each attack runs twice: under governance, where it must
# have no effect and meet its reason, and without, against a copy of the store, where it must have its effect.
BeforeDiscovery {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    $null = Connect-AgentOps -Store $store
    $null = Register-AgentOpsTool -Name Probe -Program true
    $hasSandbox = (Get-AgentOpsTool Probe).Isolation -like 'sandbox*'
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force

    # STORE, OUT and MANIFEST stand for the places; the proof is asked of the store and the folder that were attacked.
    $scripts = @(
        @{ Name = 'reads the keys'; Script = 'Get-Content -Raw -LiteralPath ''STORE/keys/ledger.key'''; Reason = 'Cannot find path'; Proof = { $loot -match 'PRIVATE KEY' } }
        @{ Name = 'reads the keys by .NET'; Script = '[IO.File]::ReadAllText("STORE/keys/ledger.key")'; Reason = 'Could not find'; Proof = { $loot -match 'PRIVATE KEY' } }
        @{ Name = 'reads the keys by a program'; Script = '/bin/cat "STORE/keys/ledger.key" 2>&1 | Out-String'; Reason = 'No such file'; Proof = { $loot -match 'PRIVATE KEY' } }
        @{ Name = 'appends to the ledger'; Script = '[IO.File]::AppendAllText("STORE/ledger/log/000000.jsonl", "forged")'; Reason = 'Could not find|denied|Read-only'; Proof = { (Get-Content -Raw -LiteralPath "$place/ledger/log/000000.jsonl") -match 'forged$' } }
        @{ Name = 'removes the ledger'; Script = 'Remove-Item -Recurse -Force -LiteralPath ''STORE/ledger'''; Reason = 'Cannot find path'; Proof = { -not (Test-Path -LiteralPath "$place/ledger/log") } }
        @{
            Name   = 'imports AgentOps and approves itself'; Reason = 'There is no ledger|no valid module file'
            Script = 'Import-Module ''MANIFEST''; $null = Connect-AgentOps -Store ''STORE''; Get-AgentOpsRequest -State Pending | Approve-AgentOpsRequest | Out-Null'
            Proof  = { [bool] (Invoke-FreshPowerShell "Import-Module '$ManifestPath'; `$null = Connect-AgentOps -Store '$place'; @(Get-AgentOpsRequest -State Approved).Count -gt 0" | Where-Object { $_ -eq 'True' }) }
        }
        @{
            Name   = 'imports AgentOps and grants itself'; Reason = 'There is no ledger|no valid module file'
            Script = 'Import-Module ''MANIFEST''; $null = Connect-AgentOps -Store ''STORE''; $null = Grant-AgentOpsPermission intruder tool:Wipe -Id stolen'
            Proof  = { [bool] (Invoke-FreshPowerShell "Import-Module '$ManifestPath'; `$null = Connect-AgentOps -Store '$place'; @(Get-AgentOpsPermission | Where-Object Id -Like '*stolen*').Count -gt 0" | Where-Object { $_ -eq 'True' }) }
        }
        @{ Name = 'leaves a process behind'; Script = 'Start-Process setsid -ArgumentList sh, -c, "`"sleep 1; echo late > ''OUT/late''`""; "away"'; Reason = 'away'; Proof = { Start-Sleep -Milliseconds 1500; Test-Path -LiteralPath "$out/late" } }
        @{ Name = 'reads the host''s environment'; Script = '"[$env:AGENTOPS_ATTACK_CANARY]"'; Reason = '\[\]'; Proof = { $loot -match 'canary-of-the-host' } }
    )
    $paths = @(
        @{ Name = 'another file'; Path = 'ROOT/secret/s.txt' }
        @{ Name = 'up and over'; Path = 'ROOT/public/../secret/s.txt' }
        @{ Name = 'through a link'; Path = 'ROOT/public/link/s.txt' }
        @{ Name = 'the environment drive'; Path = 'env:AGENTOPS_ATTACK_CANARY' }
        @{ Name = 'the environment drive by its provider'; Path = 'Microsoft.PowerShell.Core\Environment::AGENTOPS_ATTACK_CANARY' }
        @{ Name = 'a file by its provider'; Path = 'Microsoft.PowerShell.Core\FileSystem::ROOT/secret/s.txt' }
        @{ Name = 'a file by the short provider'; Path = 'FileSystem::ROOT/secret/s.txt' }
        @{ Name = 'a variable'; Path = 'Variable:attackCanary' }
        @{ Name = 'through the root of the process'; Path = '/proc/self/root/ROOT/secret/s.txt' }
    )
}

Describe 'Attacks' -Skip:($IsWindows) {
    BeforeAll {
        . (Join-Path $PSScriptRoot '../common.ps1')
        $env:AGENTOPS_ATTACK_CANARY = 'canary-of-the-host'
        Set-Variable -Scope Global -Name attackCanary -Value 'canary-of-the-host'
        # Outside the temporary folder, so that nothing is safe by luck.
        $ground = $RepositoryRoot.StartsWith([IO.Path]::GetTempPath()) ? "$HOME/.cache/agentops" : "$RepositoryRoot/artifacts"
        $root = Join-Path $ground "attacks-$([guid]::NewGuid().ToString('n').Substring(0, 8))"
        $store = Join-Path $root 'store'
        $out = Join-Path $root 'out'
        foreach ($folder in 'out', 'public', 'secret') { $null = New-Item -ItemType Directory -Path (Join-Path $root $folder) }
        Set-Content -LiteralPath "$root/secret/s.txt" -Value 'canary-of-the-host'
        $null = New-Item -ItemType SymbolicLink -Path "$root/public/link" -Target "$root/secret"

        $null = Connect-AgentOps -Store $store
        $null = Register-AgentOpsTool -Name Wipe -Program true
        Register-ScriptedAgent -Name asker -Tool Wipe -Step @{ call = @{ tool = 'Wipe'; arguments = @{} } }, @{ say = 'done' }
        $null = Grant-AgentOpsPermission asker tool:Wipe -Id asker
        $null = Grant-AgentOpsPermission -Agent asker -Effect Require -Resource tool:Wipe -Id ask -Obligation @{ approval = @{ quorum = 1; notRequester = $false; timeout = 'PT1H' } }
        $null = Invoke-AgentOpsAgent asker go -NoWait
        @(Get-AgentOpsRequest -State Pending).Count | Should -Be 1
        Register-ScriptedAgent -Name intruder -Step @{ say = 'hello' }

        function Copy-Store {
            $copy = Join-Path $root "copy-$([guid]::NewGuid().ToString('n').Substring(0, 8))"
            Copy-Item -LiteralPath $store -Destination $copy -Recurse
            $copy
        }

        function Expand-Place {
            param([string] $Text, [string] $Place)
            $Text.Replace('STORE', $Place).Replace('OUT', $out).Replace('MANIFEST', $ManifestPath).Replace('ROOT', $root)
        }
    }

    AfterAll {
        Disconnect-AgentOps
        Remove-Item Env:AGENTOPS_ATTACK_CANARY
        Remove-Variable -Scope Global attackCanary
        Remove-Item -LiteralPath $root -Recurse -Force
    }

    It 'a script that <Name> has no effect and meets its reason' -ForEach $scripts -Skip:(-not $hasSandbox) {
        $name = 'Attack-' + [guid]::NewGuid().ToString('n').Substring(0, 8)
        $null = Register-AgentOpsTool -Name $name -Isolation Sandbox -WritablePath $out -Script ([scriptblock]::Create((Expand-Place $Script $store)))
        Register-ScriptedAgent -Name $name -Tool $name -Step @{ call = @{ tool = $name; arguments = @{} } }, @{ say = 'done' }
        $null = Grant-AgentOpsPermission $name "tool:$name"
        $key = (Get-FileHash -LiteralPath "$store/keys/ledger.key").Hash

        $loot = (Get-ToolEvent $name | Where-Object Kind -EQ ToolCompleted).Text

        $place = $store
        & $Proof | Should -BeFalse -Because "it said: $loot"
        $loot | Should -Match $Reason
        (Get-FileHash -LiteralPath "$store/keys/ledger.key").Hash | Should -Be $key
        (Test-AgentOpsLedger) | Should -BeTrue

        $place = Copy-Store
        $control = (Expand-Place $Script $place).Replace("'", "''")
        $loot = try { Invoke-FreshPowerShell "& ([scriptblock]::Create('$control'))" } catch { "$_" }
        & $Proof | Should -BeTrue -Because "without governance it has its effect; it said: $loot"
    }

    It 'a command asked for <Name> is refused' -ForEach $paths {
        if (-not (Get-AgentOpsTool | Where-Object Name -EQ Get-Content)) {
            $null = Register-AgentOpsTool -Command Get-Content -ParameterSet Path -IncludeParameter Path -SideEffect None
        }

        $name = 'Reader-' + [guid]::NewGuid().ToString('n').Substring(0, 8)
        $target = Expand-Place $Path $store
        Register-ScriptedAgent -Name $name -Tool Get-Content -Step @{ call = @{ tool = 'Get-Content'; arguments = @{ Path = @($target) } } }, @{ say = 'done' }
        $null = Grant-AgentOpsPermission $name tool:Get-Content -Argument @{ Path = @{ root = "$root/public" } }

        $events = @(Get-ToolEvent $name)

        ($events | Out-String) | Should -Not -Match 'canary-of-the-host'
        $events.Kind | Should -Be 'ToolRefused'
        $events.Reason | Should -Match 'Path'
        Get-Content -Path $target | Should -Be 'canary-of-the-host' -Because 'without governance it is read'
    }
}
