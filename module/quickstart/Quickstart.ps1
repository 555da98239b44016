<#
.SYNOPSIS
    The main job from end to end on this host, with a scripted model: the same story as 'agentops quickstart'.
.DESCRIPTION
    An agent is created and granted a little; it is invoked; one call is allowed, one refused by a rule, one stopped by a
    bound on its argument; the audit is listed and verified, the cost shown; then real requests are simulated on two
    accelerators. Everything happens in a workspace of its own.
.EXAMPLE
    ./Quickstart.ps1
.EXAMPLE
    ./Quickstart.ps1 -Store ./my-workspace -Trace ./azure-llm-2023-conv.csv
#>
[CmdletBinding()]
param(
    # The folder of the workspace. Without it, a new temporary folder.
    [string] $Store = (Join-Path ([IO.Path]::GetTempPath()) "agentops-quickstart-$([guid]::NewGuid().ToString('n'))"),

    # Production requests to simulate. Without it, the whole trace where AGENTOPS_DATA names a folder that has it, else the shipped excerpt.
    [string] $Trace
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

function Write-Heading {
    param([string] $Text)

    ''
    "== $Text"
}

function Format-Row {
    # A table as text, however wide the console is.
    $input | Format-Table -AutoSize -Wrap -Property $args[0] | Out-String -Width 160 | ForEach-Object { $_.Trim("`r", "`n") }
}

Import-Module (Join-Path $PSScriptRoot '../../AgentOps.psd1')
$null = Connect-AgentOps -Store $Store
try {
    Write-Heading 'An agent, its tools and its permissions, from one YAML workspace'
    Import-AgentOpsConfiguration -LiteralPath (Join-Path $PSScriptRoot 'workspace.yaml') | Group-Object Kind | ForEach-Object {
        '  {0,-10} {1}' -f $_.Name, ($_.Group.Name -join ', ')
    }

    Write-Heading 'The agent is invoked: what it may do it does, the rest is refused and says why'
    $result = $null
    Invoke-AgentOpsAgent -Name host-watch -Prompt 'Look after this host and leave a folder for the handover.' -Task quickstart -Stream | ForEach-Object {
        $item = $_
        switch ($item.Kind) {
            'ModelCompleted' { if ($item.Text) { $item.Text.TrimEnd() } }
            'ToolStarted' { "  allowed  $($item.Tool) $($item.Arguments)  [$($item.Rule -join ', ')]" }
            'ToolCompleted' { '  {0,-7}  {1}: {2}' -f $item.Outcome, $item.Tool, ("$($item.Text)".Trim() -split "`n")[0] }
            'ToolRefused' { "  REFUSED  $($item.Tool) $($item.Arguments): $($item.Reason)" }
            'Ended' { $result = $item.Result }
        }
    }

    Write-Heading 'The audit, as the ledger holds it'
    Get-AgentOpsAudit -Session $result.Session | ForEach-Object {
        $data = $_.Data | ConvertFrom-Json -AsHashtable
        [pscustomobject]@{ '#' = $_.Sequence; Event = $_.Type; Tool = $data['tool']; Rules = $data['rules'] -join ', '; Why = $data['reason'] ?? $data['outcome'] }
    } | Format-Row ('#', 'Event', 'Tool', 'Rules', 'Why')

    Write-Heading 'The ledger is verified, every line and signature'
    $report = Test-AgentOpsLedger -Detailed
    "  $($report.IsWhole ? 'whole' : 'NOT WHOLE'): $($report.Records) records, root $($report.Root)"

    Write-Heading 'What it cost'
    Measure-AgentOpsUsage -By Agent | ForEach-Object {
        [string]::Format([cultureinfo]::InvariantCulture, '  {0}: {1} model calls, {2} tokens in, {3} out, ${4:0.000000}, ${5:0.000000} a completed session',
            $_.Key, $_.Calls, $_.InputTokens, $_.OutputTokens, $_.Cost, $_.CostPerCompletedSession)
    }

    Write-Heading 'Real requests, simulated on two accelerators: what would serving them take?'
    if (-not $Trace) {
        $whole = $env:AGENTOPS_DATA ? (Join-Path $env:AGENTOPS_DATA 'traces/azure-llm-2023-conv.csv') : ''
        $Trace = $whole -and (Test-Path -LiteralPath $whole) ? $whole : (Join-Path $PSScriptRoot '../catalog/traces/azure-llm-2023-conv-excerpt.csv')
    }
    Invoke-AgentOpsSimulation -LiteralPath $Trace -Model llama-3.1-8b -Accelerator h100, l40s | Format-Row @(
        'Accelerator'
        @{ Name = 'Requests'; Expression = 'Completed' }
        @{ Name = 'TTFT p95 ms'; Expression = { $_.TimeToFirstTokenP95.TotalMilliseconds.ToString('0.0', [cultureinfo]::InvariantCulture) }; Align = 'Right' }
        @{ Name = 'TPOT p95 ms'; Expression = { $_.TimePerOutputTokenP95.TotalMilliseconds.ToString('0.00', [cultureinfo]::InvariantCulture) }; Align = 'Right' }
        @{ Name = 'Tokens/s'; Expression = { $_.OutputTokensPerSecond.ToString('0.0', [cultureinfo]::InvariantCulture) }; Align = 'Right' }
        @{ Name = 'USD/M output'; Expression = { $null -eq $_.CostPerMillionOutput ? '' : $_.CostPerMillionOutput.ToString('0.0000', [cultureinfo]::InvariantCulture) }; Align = 'Right' }
        @{ Name = 'Saturated'; Expression = 'Saturated' }
    )
    ''
    "The workspace stays in $Store; Connect-AgentOps -Store opens it."
    if (-not $report.IsWhole) { exit 1 }
}
finally {
    Disconnect-AgentOps
}
