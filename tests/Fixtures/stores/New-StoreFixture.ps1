<#
.SYNOPSIS
    Writes a small store with the module of a certain version: what a later version must still open, verify and go on with.
.EXAMPLE
    git worktree add --detach ../old e39b6b9; dotnet build ../old/src/AgentOps -c Release; tests/Fixtures/stores/New-StoreFixture.ps1 -Module ../old -Store ./store
#>
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Writes where it is told to.')]
param([Parameter(Mandatory)] [string] $Module, [Parameter(Mandatory)] [string] $Store)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $Module 'AgentOps.psd1')
$null = Connect-AgentOps -Store $Store
$null = Import-AgentOpsConfiguration -LiteralPath (Join-Path $Module 'module/quickstart/workspace.yaml')
$null = Grant-AgentOpsPermission -Agent host-watch -Effect Require -Resource tool:New-ScratchFolder -Id folders-ask -Obligation @{ approval = @{ quorum = 1; notRequester = $false; timeout = 'P36500D' } }
$null = Grant-AgentOpsPermission -Agent host-watch -Effect Require -Resource tool:Get-HostUptime -Id rarely -Obligation @{ limit = @{ key = 'agent'; sum = 'calls'; max = 3 } }
$null = New-AgentOpsAgent -Name retired -Route default
$null = Grant-AgentOpsPermission -Agent retired -Resource tool:Get-HostUptime -Id gone
Revoke-AgentOpsPermission -Id gone
Suspend-AgentOpsAgent -Name retired
$null = New-AgentOpsAgent -Name removed -Route default
Remove-AgentOpsAgent -Name removed -Confirm:$false
$null = Invoke-AgentOpsAgent -Name host-watch -Prompt 'Look after this host.' -NoWait
Get-AgentOpsRequest | Approve-AgentOpsRequest -Reason 'A folder does no harm.' | Out-Null
$null = Resume-AgentOpsSession -Id (Get-AgentOpsSession).Id
$null = Invoke-AgentOpsAgent -Name host-watch -Prompt 'Look after this host again.' -NoWait
$null = Update-AgentOpsLedgerKey
if (-not (Test-AgentOpsLedger)) { throw 'The store is not whole.' }
Disconnect-AgentOps
