BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    $null = Connect-AgentOps -Store $store

    # A module with functions that probe the runspace in which they run.
    $module = Join-Path $store 'Probe.psm1'
    @'
function Get-Probe {
    <#
    .SYNOPSIS
        Probes.
    .PARAMETER Level
        How deep to look.
    #>
    [CmdletBinding(DefaultParameterSetName = 'One')]
    param(
        [Parameter(Mandatory, ParameterSetName = 'One')] [ValidateRange(1, 5)] [int] $Level,
        [Parameter(ParameterSetName = 'One')] [ValidateSet('red', 'green')] [string] $Color,
        [Parameter(ParameterSetName = 'One')] [ValidatePattern('^[a-z]+$')] [string] $Word,
        [Parameter(ParameterSetName = 'One')] [switch] $Quick,
        [Parameter(ParameterSetName = 'One')] [scriptblock] $Hook,
        [Parameter(Mandatory, ParameterSetName = 'Two')] [string[]] $List
    )
    [pscustomobject]@{ Level = $Level; Color = $Color; Here = (Get-Location).ProviderPath; Session = $ExecutionContext.SessionState.LanguageMode.ToString() }
}
function Wait-Stubborn { [CmdletBinding()] param() $until = [datetime]::UtcNow.AddSeconds(6); while ([datetime]::UtcNow -lt $until) { try { [Threading.Thread]::Sleep(6000) } catch { } } }
function Write-Much { [CmdletBinding()] param() 1..5000 | ForEach-Object { 'x' * 100 } }
function Write-Failure { [CmdletBinding()] param() throw 'it broke' }
function Use-Hook { [CmdletBinding()] param([Parameter(Mandatory)] [scriptblock] $Hook) & $Hook }
Export-ModuleMember -Function *
'@ | Set-Content -LiteralPath $module
    Import-Module ([Management.Automation.WildcardPattern]::Escape($module))
}

AfterAll {
    Remove-Module Probe
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Register-AgentOpsTool -Command' {
    It 'makes the schema from the command''s own metadata' {
        $tool = Register-AgentOpsTool -Command Get-Probe -SideEffect None
        $schema = $tool.Schema | ConvertFrom-Json -AsHashtable
        $schema.required | Should -Be 'Level'
        $schema.properties.Level.minimum | Should -Be 1
        $schema.properties.Level.maximum | Should -Be 5
        $schema.properties.Level.description | Should -Be 'How deep to look.'
        $schema.properties.Color.enum | Should -Be 'red', 'green'
        $schema.properties.Word.pattern | Should -Match '\[a-z\]\+'
        $schema.properties.Quick.type | Should -Be 'boolean'
        $schema.properties.Keys | Should -Not -Contain 'Hook'
        $schema.properties.Keys | Should -Not -Contain 'List'
        $schema.properties.Keys | Should -Not -Contain 'Verbose'
        $schema.additionalProperties | Should -BeFalse
        $tool.Description | Should -Be 'Probes.'
    }

    It 'tells which parameters a command has when one that is named is not among them' {
        Register-AgentOpsTool -Name lost -Command Get-Process -IncludeParameter Nam -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ToolInvalid,*'
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*-IncludeParameter: Name*'
    }

    It 'says which names a tool may have' {
        foreach ($name in 'a b', 'a.b') {
            Register-AgentOpsTool -Name $name -Script { 1 } -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'NameInvalid,*'
            $problems[0].ErrorDetails.RecommendedAction | Should -Not -Match 'dots'
        }
    }

    It 'makes one tool of the parameter set that is named' {
        (Register-AgentOpsTool -Name Get-ProbeList -Command Get-Probe -ParameterSet Two -SideEffect None).Parameter | Should -Be 'List'
        Register-AgentOpsTool -Name Nope -Command Get-Probe -ParameterSet Three -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'CommandNotAllowed,*'
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*One*Two*'
    }

    It 'refuses <_>' -ForEach 'ForEach-Object', 'Where-Object', 'Invoke-Command', 'Invoke-Expression', 'Start-Job', 'Start-ThreadJob', 'Enter-PSSession', 'New-PSSession',
        'Import-Module', 'Add-Type', 'New-Object', 'Start-Process', 'Invoke-Item', 'Register-ObjectEvent', 'Set-Alias', 'Grant-AgentOpsPermission', 'Use-Hook', 'pwsh', '%' {
        Register-AgentOpsTool -Name Bad -Command $_ -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'CommandNotAllowed,*'
        Get-AgentOpsTool -Name Ba[d] | Should -BeNullOrEmpty
    }

    It 'runs the command, and only with what was granted' {
        $null = Register-AgentOpsTool -Command Get-Probe -SideEffect None -Force
        Register-ScriptedAgent -Name prober -Tool Get-Probe -Step @(
            @{ call = @{ tool = 'Get-Probe'; arguments = @{ Level = 3; Color = 'red' } } }
            @{ call = @{ tool = 'Get-Probe'; arguments = @{ Level = 9 } } }
            @{ call = @{ tool = 'Get-Probe'; arguments = @{ Level = 2; Hook = '{ evil }' } } }
            @{ say = 'done' })
        $null = Grant-AgentOpsPermission prober tool:Get-Probe
        $events = Get-ToolEvent prober
        $done = $events | Where-Object Kind -EQ ToolCompleted
        $done.Outcome | Should -Be 'ok'
        $output = $done.Text | ConvertFrom-Json
        $output.Level | Should -Be 3
        $output.Here | Should -Not -Be (Get-Location).ProviderPath
        @($events | Where-Object Kind -EQ ToolRefused).Count | Should -Be 2
    }

    It 'offers the command no other command and no language in its runspace' {
        # The executor itself, asked for a command that was never granted.
        $assembly = (Get-Command Connect-AgentOps).ImplementingType.Assembly
        $tool = [Activator]::CreateInstance($assembly.GetType('AgentOps.Hosting.CommandTool'), [object[]] @('Get-Date', $null, $null))
        $runspace = $assembly.GetType('AgentOps.Hosting.ConstrainedRunspace').GetMethod('Open').Invoke($null, [object[]] @($tool, $store.ToString()))
        try {
            "$($runspace.SessionStateProxy.LanguageMode)" | Should -Be 'NoLanguage'
            foreach ($name in 'Get-Process', 'Get-ChildItem', 'Import-Module', 'Get-Command', 'Invoke-Expression', 'ls', 'cat') {
                $shell = [powershell]::Create()
                $shell.Runspace = $runspace
                { $shell.AddCommand($name).Invoke() } | Should -Throw -Because $name
                $shell.Dispose()
            }
            $shell = [powershell]::Create()
            $shell.Runspace = $runspace
            { $shell.AddScript('1 + 1').Invoke() } | Should -Throw
            $shell.Dispose()
            $shell = [powershell]::Create()
            $shell.Runspace = $runspace
            $shell.AddCommand('Get-Date').Invoke().Count | Should -Be 1
            $shell.Dispose()
        }
        finally {
            $runspace.Dispose()
        }
    }

    It 'cuts output at the limit and tells a failure as a failure' {
        $null = Register-AgentOpsTool -Command Write-Much -SideEffect None -MaxOutputBytes 1000
        $null = Register-AgentOpsTool -Command Write-Failure -SideEffect None
        Register-ScriptedAgent -Name talker -Tool Write-Much, Write-Failure -Step @(
            @{ call = @{ tool = 'Write-Much'; arguments = @{} } }
            @{ call = @{ tool = 'Write-Failure'; arguments = @{} } }
            @{ say = 'done' })
        $null = Grant-AgentOpsPermission talker tool:Write-Much, tool:Write-Failure
        $done = @(Get-ToolEvent talker | Where-Object Kind -EQ ToolCompleted)
        [Text.Encoding]::UTF8.GetByteCount($done[0].Text) | Should -BeLessThan 1100
        $done[1].Outcome | Should -Be 'error'
        $done[1].Text | Should -Match 'it broke'
    }

    It 'leaves a command behind that does not yield, and says that its outcome is unknown' {
        $null = Register-AgentOpsTool -Command Wait-Stubborn -TimeoutSeconds 1
        Register-ScriptedAgent -Name waiter -Tool Wait-Stubborn -Step @{ call = @{ tool = 'Wait-Stubborn'; arguments = @{} } }, @{ say = 'done' }
        $null = Grant-AgentOpsPermission waiter tool:Wait-Stubborn
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $done = Get-ToolEvent waiter | Where-Object Kind -EQ ToolCompleted
        $clock.Elapsed.TotalSeconds | Should -BeLessThan (5 + (Get-Slack))
        $done.Outcome | Should -Be 'unknown'
    }
}

Describe 'Register-AgentOpsTool -Script' {
    It 'asks for a type where a model can''t give a value, and tells what models are not shown' {
        { Register-AgentOpsTool untyped -Script { param([Parameter(Mandatory)] $Name) $Name } -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidToolParameter,*' -ExpectedMessage "*needs the parameter 'Name'*"
        $null = Register-AgentOpsTool partly -Script { param($Name, [string] $Text, [hashtable] $More) "$Name $Text $More" } -WarningVariable told -WarningAction SilentlyContinue
        $told | Should -BeLike '*Name, More*'
        (Get-AgentOpsTool partly).Parameter | Should -Be 'Text'
    }

    It 'runs in a child process with a clean environment and a folder of its own' {
        $env:AGENTOPS_TEST_SECRET = 'canary-0c1d'
        try {
            $null = Register-AgentOpsTool -Name Get-Surrounding -SideEffect None -Script {
                param([Parameter(Mandatory)] [ValidateRange(1, 9)] [int] $Number, [string] $Word = 'none')
                @{ Pid = $PID; Double = $Number * 2; Word = $Word; Secret = "$env:AGENTOPS_TEST_SECRET"; Store = "$env:AGENTOPS_HOME"; Here = (Get-Location).ProviderPath }
            }
            Register-ScriptedAgent -Name scripter -Tool Get-Surrounding -Step @(
                @{ call = @{ tool = 'Get-Surrounding'; arguments = @{ Number = 4; Word = 'a "quoted" $word; exit 9' } } }
                @{ call = @{ tool = 'Get-Surrounding'; arguments = @{ Number = 40 } } }
                @{ say = 'done' })
            $null = Grant-AgentOpsPermission scripter tool:Get-Surrounding
            $events = Get-ToolEvent scripter
            $output = ($events | Where-Object Kind -EQ ToolCompleted).Text | ConvertFrom-Json
            $output.Double | Should -Be 8
            $output.Word | Should -BeExactly 'a "quoted" $word; exit 9'
            $output.Pid | Should -Not -Be $PID
            $output.Secret | Should -BeNullOrEmpty
            $output.Store | Should -BeNullOrEmpty
            $output.Here | Should -Not -Be (Get-Location).ProviderPath
            @($events | Where-Object Kind -EQ ToolRefused).Count | Should -Be 1
        }
        finally {
            Remove-Item Env:AGENTOPS_TEST_SECRET
        }
    }

    It 'tells what the script throws as a failure' {
        $null = Register-AgentOpsTool -Name Stop-Short -SideEffect None -Script { throw 'no further' }
        Register-ScriptedAgent -Name thrower -Tool Stop-Short -Step @{ call = @{ tool = 'Stop-Short'; arguments = @{} } }, @{ say = 'done' }
        $null = Grant-AgentOpsPermission thrower tool:Stop-Short
        $done = Get-ToolEvent thrower | Where-Object Kind -EQ ToolCompleted
        $done.Outcome | Should -Be 'error'
        $done.Text | Should -Match 'no further'
    }
}

Describe 'Register-AgentOpsTool -Program and -Uri' {
    It 'takes a program with typed parameters' {
        $tool = Register-AgentOpsTool -Name Get-Text -Program cat, '{File}' -Parameter @{ File = @{ type = 'path'; mandatory = $true } } -SideEffect None
        $tool.Kind | Should -Be 'Process'
        $tool.Parameter | Should -Be 'File'
    }

    It 'tells which types there are' {
        { Register-AgentOpsTool odd -Program echo -Parameter @{ X = @{ type = 'strin' } } -ErrorAction Stop } | Should -Throw -ExpectedMessage "*'strin' is no type; there are string, integer*string[[]]."
    }

    It 'says when the agent that it asks is not there' {
        $null = Register-AgentOpsTool early -Agent nobody-yet -WarningVariable told -WarningAction SilentlyContinue
        $told | Should -BeLike "There is no agent 'nobody-yet' yet.*"
    }

    It 'leaves no environment unused in silence' {
        { Register-AgentOpsTool odd -Mcp http://127.0.0.1:9/mcp -AllowPrivateNetwork -Environment @{ A = 'b' } -ErrorAction Stop } | Should -Throw -ErrorId 'ToolInvalid,*'
    }

    It 'refuses a placeholder that is no parameter, and a key that is unknown' {
        Register-AgentOpsTool -Name Bad -Program cat, '{Fil}' -Parameter @{ File = 'path' } -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ToolInvalid,*'
        Register-AgentOpsTool -Name Bad -Program cat -Parameter @{ File = @{ typ = 'path' } } -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ToolInvalid,*'
    }

    It 'pins paths only for a tool that demands the sandbox' {
        $parameters = @{ File = @{ type = 'path'; mandatory = $true } }
        Register-AgentOpsTool -Name Get-Pinned -Program cat, '{File}' -Parameter $parameters -PinPath -ErrorVariable problems -ErrorAction SilentlyContinue
        "$($problems[0])" | Should -BeLike '*sandbox*'
        (Register-AgentOpsTool -Name Get-Pinned -Program cat, '{File}' -Parameter $parameters -PinPath -Isolation Sandbox -SideEffect None).Name | Should -Be 'Get-Pinned'
    }

    It 'does not replace without -Force' {
        $null = Register-AgentOpsTool -Name Twice -Program date -SideEffect None
        Register-AgentOpsTool -Name twice -Program date -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ToolExists,*'
        $problems[0].CategoryInfo.Category | Should -Be 'ResourceExists'
        (Register-AgentOpsTool -Name Twice -Program date -SideEffect None -Force).Name | Should -Be 'Twice'
    }

    It 'takes hard bounds, shows them, and refuses what is none' {
        $parameters = @{ Payee = @{ type = 'string'; mandatory = $true }; Amount = @{ type = 'decimal'; mandatory = $true } }
        $tool = Register-AgentOpsTool -Name Send-Money -Program echo, '{Payee}', '{Amount}' -Parameter $parameters -Constraint @{ currency = @{ is = 'USD' } }, @{ amount = @{ argument = 'Amount'; max = '500.00' } }
        $tool = Get-AgentOpsTool Send-Money
        $tool.Constraint.Count | Should -Be 2
        $tool.Constraint[1] | Should -Match '"max":"500.00"'
        { Register-AgentOpsTool -Name Send-More -Program echo, '{Amount}' -Parameter @{ Amount = @{ type = 'decimal' } } -Constraint @{ ammount = @{ max = '1' } } -ErrorAction Stop } | Should -Throw '*amount*'
        Get-AgentOpsTool Send-Mor[e] | Should -BeNullOrEmpty
    }
}

Describe 'Register-AgentOpsTool -OpenApi' {
    BeforeAll {
        $document = Join-Path $store 'shop [1].yaml'
        @'
openapi: 3.1.0
servers: [{url: https://shop.example.com/v1}]
paths:
  /items/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: getItem, summary: Reads one item.}
    delete: {operationId: dropItem, security: [{token: []}]}
    post:
      operationId: sendPicture
      requestBody: {content: {image/png: {}}}
components: {securitySchemes: {token: {type: http, scheme: bearer}}}
'@ | Set-Content -LiteralPath $document
    }

    It 'makes one tool an operation, and tells the place of what it can''t' {
        $tools = Register-AgentOpsTool -Name shop -OpenApi $document -SecretName @{ token = 'env:SHOP' } -ErrorVariable problems -ErrorAction SilentlyContinue
        $tools.Name | Should -Be 'shop-getItem', 'shop-dropItem'
        $tools.Kind | Should -Be 'Http', 'Http'
        $tools.SideEffect | Should -Be 'None', 'Irreversible'
        $tools[0].Description | Should -Be 'Reads one item.'
        $tools[0].Parameter | Should -Be 'id'
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'OperationNotSupported,*'
        $problems[0].CategoryInfo.Category | Should -Be 'InvalidData'
        "$($problems[0])" | Should -BeLike '*shop `[1`].yaml:10:20: its body is image/png; only JSON is sent*'
    }

    It 'takes only the operations that are named' {
        (Register-AgentOpsTool -Name one -OpenApi $document -Operation get*, nope -SideEffect Irreversible -ErrorVariable problems -ErrorAction SilentlyContinue).Name | Should -Be 'one-getItem'
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ToolNotFound,*'
        (Get-AgentOpsTool one-getItem).SideEffect | Should -Be 'Irreversible'
    }

    It 'registers nothing under -WhatIf, and nothing that lacks its credential' {
        Register-AgentOpsTool -Name dry -OpenApi $document -Operation getItem -WhatIf
        Register-AgentOpsTool -Name bare -OpenApi $document -Operation dropItem -ErrorVariable problems -ErrorAction SilentlyContinue
        "$($problems[0])" | Should -BeLike '*demands a credential*''token''*'
        Get-AgentOpsTool dry-*, bare-* | Should -BeNullOrEmpty
    }

    It 'tells once what is wrong with the whole document' {
        $relative = Join-Path $TestDrive 'relative.yaml'
        @'
openapi: 3.0.3
servers: [{url: /v1}]
paths:
  /a: {get: {operationId: a, responses: {"200": {description: A.}}}}
  /b: {get: {operationId: b, responses: {"200": {description: B.}}}}
'@ | Set-Content -LiteralPath $relative
        Register-AgentOpsTool -Name twice -OpenApi $relative -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'OperationNotSupported,*'
    }

    It 'names the file that can''t be read' {
        Register-AgentOpsTool -Name none -OpenApi (Join-Path $store 'none.yaml') -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ConfigurationUnreadable,*'
    }
}
