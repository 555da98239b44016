<#
.SYNOPSIS
    Runs the Pester suites against the built module.
.DESCRIPTION
    Exit code 0: all passed; 1: some failed; 3: Pester is not installed.
.EXAMPLE
    tests/Invoke-Tests.ps1 -Path tests/Conventions
#>
[CmdletBinding()]
param(
    [string[]] $Path = @(
        (Join-Path $PSScriptRoot 'Conventions')
        (Join-Path $PSScriptRoot 'Commands')
        (Join-Path $PSScriptRoot 'Integration')
    ),

    [string] $ResultPath,

    [ValidateSet('None', 'Normal', 'Detailed')]
    [string] $Output = 'Normal'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

if (-not (Get-Module -ListAvailable -Name Pester | Where-Object Version -GE ([version] '5.5'))) {
    exit 3
}

# A test that forgets to name a store gets a scratch one, never the user's.
$scratch = Join-Path ([IO.Path]::GetTempPath()) "agentops-pester-$([guid]::NewGuid().ToString('n'))"
$env:AGENTOPS_HOME = Join-Path $scratch 'home'
try {
    $configuration = [hashtable] @{
        Run    = @{ Path = @($Path | Where-Object { Test-Path -LiteralPath $_ }); PassThru = $true }
        Output = @{ Verbosity = $Output; CIFormat = 'None' }
    }
    $result = Invoke-Pester -Configuration (New-PesterConfiguration -Hashtable $configuration)
    $failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
    if ($ResultPath) {
        [ordered]@{
            passed  = $result.PassedCount
            failed  = $failed
            skipped = $result.SkippedCount + $result.InconclusiveCount + $result.NotRunCount
        } | ConvertTo-Json | Set-Content -LiteralPath $ResultPath
    }
    exit ($failed -gt 0 ? 1 : 0)
}
finally {
    Remove-Item -LiteralPath $scratch -Recurse -Force -ErrorAction Ignore
}
