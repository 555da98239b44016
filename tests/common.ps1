# Dot-sourced by every suite: the built module, and what suites share.

Set-StrictMode -Version Latest

$script:RepositoryRoot = Split-Path $PSScriptRoot -Parent
$script:ManifestPath = Join-Path $script:RepositoryRoot 'AgentOps.psd1'
$script:DocsPath = Join-Path $script:RepositoryRoot 'docs/en-US'
Import-Module $script:ManifestPath
. (Join-Path $script:RepositoryRoot 'docs/Read-HelpDocument.ps1')

function Get-ModuleCommand {
    Get-Command -Module AgentOps | Sort-Object Name
}

function Get-OwnParameter {
    # A cmdlet's parameters without the common ones.
    param([Parameter(Mandatory)] $Command)

    $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
    $Command.Parameters.Values | Where-Object Name -NotIn $common
}

function Invoke-FreshPowerShell {
    # Runs a script in a process of its own and gives its output; throws when it fails.
    param([Parameter(Mandatory)] [string] $Script, [hashtable] $Environment = @{}, [int] $TimeoutSeconds = 60)

    $start = [System.Diagnostics.ProcessStartInfo]::new([Environment]::ProcessPath)
    foreach ($argument in '-NoLogo', '-NoProfile', '-NonInteractive', '-EncodedCommand', [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes("`$ProgressPreference = 'SilentlyContinue'; $Script"))) {
        $start.ArgumentList.Add($argument)
    }
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $start.RedirectStandardInput = $true
    $start.Environment['NO_COLOR'] = '1'
    foreach ($name in $Environment.Keys) { $start.Environment[$name] = $Environment[$name] }
    $process = [System.Diagnostics.Process]::Start($start)
    try {
        $process.StandardInput.Close()
        $output = $process.StandardOutput.ReadToEndAsync()
        $errors = $process.StandardError.ReadToEndAsync()
        if (-not $process.WaitForExit($TimeoutSeconds * 1000)) {
            $process.Kill($true)
            throw "The script did not end in $TimeoutSeconds s: $Script"
        }
        if ($process.ExitCode -ne 0 -or $errors.Result) {
            throw "Exit code $($process.ExitCode): $($errors.Result) $($output.Result)"
        }
        $output.Result.Trim()
    }
    finally {
        $process.Dispose()
    }
}

function Get-TestStore {
    # A fresh folder for a workspace, with the characters that break careless code.
    $path = Join-Path ([IO.Path]::GetTempPath()) "agent ops [é] $([guid]::NewGuid().ToString('n'))"
    $null = [IO.Directory]::CreateDirectory($path)
    $path
}

function Initialize-ExampleWorkspace {
    # The quickstart's workspace with one session in it: what the examples of the help speak of.
    param([Parameter(Mandatory)] [string] $Store)

    $null = Connect-AgentOps -Store $Store
    $null = Import-AgentOpsConfiguration -LiteralPath (Join-Path $RepositoryRoot 'module/quickstart/workspace.yaml')
    $null = Invoke-AgentOpsAgent -Name host-watch -Prompt 'Look after this host.'
    Disconnect-AgentOps
}

function Register-ScriptedAgent {
    # An agent whose model says and calls what the steps tell: @{ call = @{ tool = ...; arguments = @{...} } }, @{ say = ... }.
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [hashtable[]] $Step, [string[]] $Tool = @())

    $null = Register-AgentOpsProvider -Name $Name -Kind simulated -Option @{ scenario = @{ steps = $Step } } -Force
    Set-AgentOpsRoute -Name $Name -Target "$Name/scripted"
    $null = New-AgentOpsAgent -Name $Name -Route $Name -Tool $Tool
}

function Get-ToolEvent {
    # The tool events of one invocation.
    param([Parameter(Mandatory)] [string] $Name)

    Invoke-AgentOpsAgent -Name $Name -Prompt go -Stream | Where-Object Kind -Like 'Tool*'
}
