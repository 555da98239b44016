<#
.SYNOPSIS
    Builds the module's help, en-US/, from docs/en-US.
.DESCRIPTION
    Words come from the Markdown files, one a cmdlet; syntax, types, positions and pipeline binding come from the
    built module itself, so that they can't be wrong. about_*.md become about_*.help.txt.
#>
[CmdletBinding()]
param(
    [string] $Source = (Join-Path $PSScriptRoot 'en-US'),

    [string] $Destination = (Join-Path (Split-Path $PSScriptRoot -Parent) 'en-US')
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$namespaces = @{
    maml    = 'http://schemas.microsoft.com/maml/2004/10'
    command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'
    dev     = 'http://schemas.microsoft.com/maml/dev/2004/10'
}

. (Join-Path $PSScriptRoot 'Read-HelpDocument.ps1')

function Write-Element {
    param([System.Xml.XmlWriter] $Writer, [string] $Name, [string] $Text)

    $prefix, $local = $Name -split ':'
    $Writer.WriteElementString($prefix, $local, $namespaces[$prefix], $Text)
}

function Start-Element {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Writes to the given writer only.')]
    param([System.Xml.XmlWriter] $Writer, [string] $Name)

    $prefix, $local = $Name -split ':'
    $Writer.WriteStartElement($prefix, $local, $namespaces[$prefix])
}

function Write-Paragraph {
    param([System.Xml.XmlWriter] $Writer, [string] $Name, [string] $Text)

    Start-Element $Writer $Name
    foreach ($paragraph in ($Text -split '\r?\n\s*\r?\n')) {
        if ($paragraph.Trim()) {
            Write-Element $Writer 'maml:para' ($paragraph -replace '\s*\r?\n\s*', ' ' -replace '`', '').Trim()
        }
    }
    $Writer.WriteEndElement()
}

function Write-Parameter {
    param([System.Xml.XmlWriter] $Writer, $Parameter, $Document)

    $pipeline = @(
        if ($Parameter.ValueFromPipeline) { 'ByValue' }
        if ($Parameter.ValueFromPipelineByPropertyName) { 'ByPropertyName' }
    )
    $typeName = ([Nullable]::GetUnderlyingType($Parameter.ParameterType) ?? $Parameter.ParameterType).Name
    $globbing = [bool] ($Parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.SupportsWildcardsAttribute] })
    Start-Element $Writer 'command:parameter'
    $Writer.WriteAttributeString('required', "$($Parameter.IsMandatory)".ToLowerInvariant())
    $Writer.WriteAttributeString('variableLength', "$($Parameter.ParameterType.IsArray)".ToLowerInvariant())
    $Writer.WriteAttributeString('globbing', "$globbing".ToLowerInvariant())
    $Writer.WriteAttributeString('pipelineInput', $(if ($pipeline) { "True ($($pipeline -join ', '))" } else { 'False' }))
    $Writer.WriteAttributeString('position', $(if ($Parameter.Position -ge 0) { "$($Parameter.Position)" } else { 'named' }))
    $Writer.WriteAttributeString('aliases', $(if ($Parameter.Aliases.Count) { $Parameter.Aliases -join ', ' } else { 'none' }))
    Write-Element $Writer 'maml:name' $Parameter.Name
    $words = if ($Document.Parameters.Contains($Parameter.Name)) { $Document.Parameters[$Parameter.Name] } else { '' }
    Write-Paragraph $Writer 'maml:Description' $words
    if ($Parameter.ParameterType -ne [switch]) {
        Start-Element $Writer 'command:parameterValue'
        $Writer.WriteAttributeString('required', 'true')
        $Writer.WriteAttributeString('variableLength', "$($Parameter.ParameterType.IsArray)".ToLowerInvariant())
        $Writer.WriteString($typeName)
        $Writer.WriteEndElement()
    }
    Start-Element $Writer 'dev:type'
    Write-Element $Writer 'maml:name' $typeName
    $Writer.WriteEndElement()
    $Writer.WriteEndElement()
}

function Write-TypeList {
    param([System.Xml.XmlWriter] $Writer, [string] $List, [string] $Item, [string[]] $Name)

    Start-Element $Writer $List
    foreach ($one in $Name) {
        Start-Element $Writer $Item
        Start-Element $Writer 'dev:type'
        Write-Element $Writer 'maml:name' $one
        $Writer.WriteEndElement()
        $Writer.WriteEndElement()
    }
    $Writer.WriteEndElement()
}

function Write-CommandHelp {
    param([System.Xml.XmlWriter] $Writer, [System.Management.Automation.CmdletInfo] $Command, $Document)

    $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
    Start-Element $Writer 'command:command'
    Start-Element $Writer 'command:details'
    Write-Element $Writer 'command:name' $Command.Name
    Write-Element $Writer 'command:verb' $Command.Verb
    Write-Element $Writer 'command:noun' $Command.Noun
    Write-Paragraph $Writer 'maml:description' $Document.Synopsis
    $Writer.WriteEndElement()
    Write-Paragraph $Writer 'maml:description' $Document.Description

    $all = [ordered]@{}
    Start-Element $Writer 'command:syntax'
    foreach ($set in $Command.ParameterSets) {
        Start-Element $Writer 'command:syntaxItem'
        Write-Element $Writer 'maml:name' $Command.Name
        foreach ($parameter in $set.Parameters | Where-Object Name -NotIn $common) {
            $all[$parameter.Name] = $parameter
            Write-Parameter $Writer $parameter $Document
        }
        $Writer.WriteEndElement()
    }
    $Writer.WriteEndElement()

    Start-Element $Writer 'command:parameters'
    foreach ($parameter in $all.Values) { Write-Parameter $Writer $parameter $Document }
    $Writer.WriteEndElement()

    $inputs = @($all.Values | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName } | ForEach-Object { $_.ParameterType.FullName } | Select-Object -Unique)
    Write-TypeList $Writer 'command:inputTypes' 'command:inputType' $inputs
    Write-TypeList $Writer 'command:returnValues' 'command:returnValue' @($Command.OutputType.Name)

    Start-Element $Writer 'command:examples'
    foreach ($example in $Document.Examples) {
        Start-Element $Writer 'command:example'
        Write-Element $Writer 'maml:title' $example.Title
        Write-Element $Writer 'dev:code' $example.Code
        Write-Paragraph $Writer 'dev:remarks' $example.Remarks
        $Writer.WriteEndElement()
    }
    $Writer.WriteEndElement()

    Start-Element $Writer 'command:relatedLinks'
    foreach ($link in $Document.Links) {
        Start-Element $Writer 'maml:navigationLink'
        Write-Element $Writer 'maml:linkText' $link
        Write-Element $Writer 'maml:uri' ''
        $Writer.WriteEndElement()
    }
    $Writer.WriteEndElement()
    $Writer.WriteEndElement()
}

Import-Module (Join-Path (Split-Path $PSScriptRoot -Parent) 'AgentOps.psd1') -Force
$null = New-Item -ItemType Directory -Path $Destination -Force
$settings = [System.Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n" }
$writer = [System.Xml.XmlWriter]::Create((Join-Path $Destination 'AgentOps.dll-Help.xml'), $settings)
try {
    $writer.WriteStartElement('helpItems', 'http://msh')
    $writer.WriteAttributeString('schema', 'maml')
    foreach ($command in Get-Command -Module AgentOps | Sort-Object Name) {
        $file = Join-Path $Source "$($command.Name).md"
        if (-not (Test-Path -LiteralPath $file)) {
            throw "docs/en-US/$($command.Name).md is missing: every cmdlet has its help there."
        }
        Write-CommandHelp $writer $command (Read-HelpDocument -LiteralPath $file)
    }
    $writer.WriteEndElement()
}
finally {
    $writer.Dispose()
}

foreach ($topic in Get-ChildItem -LiteralPath $Source -Filter 'about_*.md') {
    Copy-Item -LiteralPath $topic.FullName -Destination (Join-Path $Destination "$($topic.BaseName).help.txt")
}
