# The rules that can be read off a module as it lies on disk. Each gives the problems that it finds, none when the rule is kept.
# A module is described by a hashtable: Root, Manifest, Docs, Source, Format, Dependencies, Changelog, ErrorGuide, ErrorIds, Commands, Topics.
# The suites run them over AgentOps; Offenders.Tests.ps1 over a module that breaks each.

function Get-AgentOpsModule {
    # AgentOps as the rules want it described.
    $command = Get-ModuleCommand
    @{
        Root         = $RepositoryRoot
        Manifest     = $ManifestPath
        Docs         = $DocsPath
        Source       = Join-Path $RepositoryRoot 'src/AgentOps'
        Format       = Join-Path $RepositoryRoot 'module/AgentOps.Format.ps1xml'
        Dependencies = Join-Path $RepositoryRoot 'module/bin/deps'
        Changelog    = Join-Path $RepositoryRoot 'CHANGELOG.md'
        ErrorGuide   = Join-Path $RepositoryRoot 'docs/guides/errors.md'
        Commands     = $command
        Topics       = 'about_AgentOps', 'about_AgentOps_Permissions', 'about_AgentOps_Ledger'
    }
}

$script:ModuleRules = [ordered]@{
    'explicit export lists, without functions, aliases, variables or a prefix (2)'   = {
        param($Module)
        $manifest = Import-PowerShellDataFile -LiteralPath $Module.Manifest
        if ($manifest.CmdletsToExport -contains '*') { 'it exports cmdlets by a wildcard' }
        foreach ($kind in 'FunctionsToExport', 'AliasesToExport', 'VariablesToExport') {
            if (-not $manifest.ContainsKey($kind) -or $manifest[$kind]) { "$kind is not an empty list" }
        }
        if ($manifest.ContainsKey('DefaultCommandPrefix')) { 'it has a DefaultCommandPrefix' }
    }
    'exactly the cmdlets of its assembly in the manifest (3)'                         = {
        param($Module)
        $exported = (Import-PowerShellDataFile -LiteralPath $Module.Manifest).CmdletsToExport
        $assembly = $Module.Commands[0].ImplementingType.Assembly
        $found = $assembly.GetExportedTypes().ForEach({
                $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ForEach({ "$($_.VerbName)-$($_.NounName)" })
            })
        Compare-Object @($exported) @($found) | ForEach-Object { "$($_.InputObject) is in one of both only" }
    }
    'one help document for each cmdlet and none besides (3)'                          = {
        param($Module)
        $documents = (Get-ChildItem -LiteralPath $Module.Docs -Filter '*-*.md').BaseName
        Compare-Object @($Module.Commands.Name) @($documents) | ForEach-Object { "$($_.InputObject) is in one of both only" }
    }
    'no way to the console behind PowerShell''s back (26)'                            = {
        param($Module)
        Get-ChildItem -LiteralPath $Module.Source -Recurse -Filter *.cs | Select-String -Pattern '\bConsole\.|\bWriteHost\b|\.UI\.Write' | ForEach-Object { "$($_.Filename):$($_.LineNumber)" }
    }
    'no assembly of the framework or of PowerShell among its dependencies (38)'       = {
        param($Module)
        $framework = Split-Path ([object].Assembly.Location)
        foreach ($file in Get-ChildItem -LiteralPath $Module.Dependencies -Filter *.dll) {
            if ($file.Name -eq 'System.Management.Automation.dll' -or ($file.Name -match '^System\.' -and (Test-Path -LiteralPath (Join-Path $framework $file.Name)))) { $file.Name }
        }
    }
    'PowerShell files that PSScriptAnalyzer finds nothing in (41)'                    = {
        param($Module)
        if (-not (Get-Module -ListAvailable PSScriptAnalyzer)) { return }
        $files = @(Get-ChildItem -LiteralPath $Module.Root -File -Filter *.ps?1)
        $files += foreach ($folder in 'docs', 'module', 'tests', 'build') {
            Get-ChildItem -LiteralPath (Join-Path $Module.Root $folder) -Recurse -File -Include *.ps1, *.psm1, *.psd1 -ErrorAction Ignore | Where-Object FullName -NotMatch '[\\/](bin|obj|node_modules)[\\/]'
        }
        $settings = Join-Path $RepositoryRoot 'PSScriptAnalyzerSettings.psd1'
        foreach ($file in $files) {
            Invoke-ScriptAnalyzer -Path ([Management.Automation.WildcardPattern]::Escape($file.FullName)) -Settings $settings | ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName)" }
        }
    }
    'a line in the changelog for each cmdlet (42)'                                    = {
        param($Module)
        $text = Get-Content -LiteralPath $Module.Changelog -Raw
        foreach ($command in $Module.Commands) { if (-not $text.Contains("``$($command.Name)``")) { $command.Name } }
    }
    'every error id in the guide with its mend, and none besides (43)'                = {
        param($Module)
        $documented = [regex]::Matches([IO.File]::ReadAllText($Module.ErrorGuide), '(?m)^\| `(\w+)` \|.*\| *[^|\s][^|]*\| *$').ForEach({ $_.Groups[1].Value })
        Compare-Object @($Module.ErrorIds) @($documented) | ForEach-Object { "$($_.InputObject) is in one of both only" }
    }
    'the topics that a newcomer looks for (44)'                                       = {
        param($Module)
        foreach ($topic in $Module.Topics) {
            if ((Get-Help $topic -ErrorAction Ignore | Out-String) -notmatch "TOPIC\s+$topic") { "there is no topic $topic" }
        }
    }
}

# The rules that can be read off one cmdlet and its document, or its views.
$script:DocumentRules = [ordered]@{
    'a table of at most six columns within 120 characters, none broken at 80, and a list view (6)' = {
        param($Module, $Command)
        $views = ([xml] (Get-Content -LiteralPath $Module.Format -Raw)).Configuration.ViewDefinitions.View
        foreach ($type in Get-OutputRecord $Command) {
            $mine = @($views | Where-Object { $_.ViewSelectedBy.TypeName -eq $type.FullName })
            if (@($mine | Where-Object { $_['ListControl'] }).Count -ne 1) { "$($type.Name) has no list view, or several" }
            foreach ($table in $mine | Where-Object { $_['TableControl'] }) {
                $headers = @($table.TableControl.TableHeaders.TableColumnHeader)
                $at = 0
                foreach ($header in $headers) {
                    $left = 80 - $at
                    $label = $header['Label'] ? $header['Label'].InnerText : ''

                    # A last column without a width has the rest of the window, however wide it is.
                    if (-not $header['Width'] -and $header -ne $headers[-1]) { "$($type.Name)'s column $label has no width, and is not the last" }
                    $width = $header['Width'] ? [int] $header['Width'].InnerText : $label.Length + 1
                    if ($left -gt 0 -and $left -lt $width -and $left -lt $label.Length) { "$($type.Name)'s column $label is broken in a window of 80 characters" }
                    $at += $width + 1
                }
                if ($headers.Count -gt 6) { "$($type.Name)'s table has $($headers.Count) columns" }
                if (($headers | ForEach-Object { ($_['Width'] ? [int] $_['Width'].InnerText : $_['Label'].InnerText.Length) + 1 } | Measure-Object -Sum).Sum -gt 120) { "$($type.Name)'s table is wider than 120 characters" }
            }
            foreach ($property in $mine | ForEach-Object { $_.SelectNodes('.//PropertyName').InnerText } | Select-Object -Unique) {
                if (-not $type.GetProperty($property)) { "a view of $($type.Name) shows $property, which it has not" }
            }
        }
    }
    'a title, a synopsis and a description (39)'                                 = {
        param($Module, $Command)
        $document = Read-HelpDocument -LiteralPath (Join-Path $Module.Docs "$($Command.Name).md")
        if ($document.Title -cne $Command.Name) { "its title is $($document.Title)" }
        if (-not $document.Synopsis) { 'it has no synopsis' }
        if (-not $document.Description) { 'it has no description' }
    }
    'words for each parameter and for none besides (39)'                         = {
        param($Module, $Command)
        $document = Read-HelpDocument -LiteralPath (Join-Path $Module.Docs "$($Command.Name).md")
        $own = @(Get-OwnParameter $Command | Where-Object Name -NotIn 'WhatIf', 'Confirm' | ForEach-Object Name)
        Compare-Object $own @($document.Parameters.Keys) | ForEach-Object { "-$($_.InputObject) is in one of both only" }
        foreach ($parameter in $document.Parameters.Keys) { if (-not $document.Parameters[$parameter]) { "-$parameter has no words" } }
    }
    'two examples that parse (39)'                                               = {
        param($Module, $Command)
        $document = Read-HelpDocument -LiteralPath (Join-Path $Module.Docs "$($Command.Name).md")
        if (@($document.Examples).Count -lt 2) { "it has $(@($document.Examples).Count) examples" }
        foreach ($example in $document.Examples) {
            $problems = $null
            $null = [System.Management.Automation.Language.Parser]::ParseInput($example.Code, [ref] $null, [ref] $problems)
            if ($problems) { "'$($example.Title)' does not parse" }
            if (-not $example.Code.Contains($Command.Name)) { "'$($example.Title)' does not show it" }
        }
    }
    'in Get-Help what the document says (45)'                                    = {
        param($Module, $Command)
        $document = Read-HelpDocument -LiteralPath (Join-Path $Module.Docs "$($Command.Name).md")
        $help = Get-Help $Command.Name -Full
        if ($help.Synopsis.Trim() -cne (($document.Synopsis -replace '\s*\n\s*', ' ') -replace '`', '')) { 'the synopsis differs' }
        $shown = @($help | Select-Object -ExpandProperty examples -ErrorAction Ignore | Select-Object -ExpandProperty example -ErrorAction Ignore)
        if ($shown.Count -ne @($document.Examples).Count -or $shown.Count -eq 0) { 'the number of examples differs' }
        elseif ($shown[0].code -cne $document.Examples[0].Code) { 'the first example differs' }
    }
}
