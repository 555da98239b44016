<#
.SYNOPSIS
    Every task of the repository.
.DESCRIPTION
    The same tasks as build.sh. They are written once, in build/; PowerShell 7.6 and the .NET SDK named in
    global.json are all this needs, and a C toolchain for the helper.
.EXAMPLE
    ./build.ps1 -Task Test
.EXAMPLE
    ./build.ps1 -Task Bench -ArgumentList foundation
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Quickstart', 'Docs', 'Pack', 'Reproduce', 'Bench', 'Clean')]
    [string] $Task = 'Build',

    [Parameter(Position = 1, ValueFromRemainingArguments)]
    [string[]] $ArgumentList = @()
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Push-Location -LiteralPath $PSScriptRoot
try {
    $env:DOTNET_NOLOGO = '1'
    & dotnet run --project build/AgentOps.Build.csproj -c Release -v quiet -- $Task.ToLowerInvariant() @ArgumentList
    exit $LASTEXITCODE
}
finally {
    Pop-Location
}
