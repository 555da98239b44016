<#
.SYNOPSIS
    Writes docs/guides/errors.md from the engine's one table of errors.
#>
[CmdletBinding()]
param(
    [string] $Destination = (Join-Path $PSScriptRoot 'guides/errors.md')
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module (Join-Path (Split-Path $PSScriptRoot -Parent) 'AgentOps.psd1') -Force
$module = (Get-Command Get-AgentOpsContext).ImplementingType.Assembly
$reference = $module.GetReferencedAssemblies().Where({ $_.Name -eq 'AgentOps.Engine' })[0]
$codes = [Reflection.Assembly]::Load($reference).GetType('AgentOps.Engine.Errors.ErrorCodes')
$rows = $codes.GetFields([Reflection.BindingFlags] 'Public, Static').ForEach({ $_.GetValue($null) }) | Sort-Object Id -Unique |
    ForEach-Object { "| ``$($_.Id)`` | $($_.Kind) | $($_.Mend -replace '\|', '\|') |" }

@(
    '# Errors'
    ''
    'Every error of AgentOps has one of these ids, in the cmdlets (`FullyQualifiedErrorId`, before the comma) and in the'
    'helper. Ids are stable: scripts may rely on them. The last column is what PowerShell shows as the recommendation.'
    ''
    '| Id | Kind | What to do |'
    '|---|---|---|'
    $rows
) | Set-Content -LiteralPath $Destination
