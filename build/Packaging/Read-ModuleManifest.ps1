<#
.SYNOPSIS
    Tests a module's manifest and writes what it says as JSON. A warning is an error.
#>
[CmdletBinding()]
param([Parameter(Mandatory)] [string] $LiteralPath)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$path = [Management.Automation.WildcardPattern]::Escape($LiteralPath)
$manifest = Test-ModuleManifest -Path $path -WarningVariable warnings
if ($warnings) { throw "The manifest is not clean: $warnings" }
$data = (Import-PowerShellDataFile -LiteralPath $LiteralPath).PrivateData.PSData

[ordered]@{
    name         = $manifest.Name
    version      = "$($manifest.Version)"
    author       = $manifest.Author
    company      = $manifest.CompanyName
    copyright    = $manifest.Copyright
    description  = $manifest.Description
    licenseUri   = "$($manifest.LicenseUri)"
    projectUri   = "$($manifest.ProjectUri)"
    releaseNotes = $data['ReleaseNotes']
    tags         = @($manifest.Tags)
    cmdlets      = @($manifest.ExportedCmdlets.Keys | Sort-Object)
} | ConvertTo-Json
