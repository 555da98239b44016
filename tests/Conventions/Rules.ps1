# The rules that can be read off one cmdlet's metadata. Each gives the problems that it finds, none when the rule is kept.
# Surface.Tests.ps1 runs them over every cmdlet; Offenders.Tests.ps1 shows that each fails where it should.

$script:Framework = '^(AgentOps|System(\..*)?|netstandard|Microsoft\.Win32\..*)$'
$script:ChangingVerbs = 'New', 'Set', 'Remove', 'Suspend', 'Resume', 'Grant', 'Revoke', 'Register', 'Unregister', 'Approve', 'Deny', 'Import', 'Export', 'Stop', 'Undo', 'Restore', 'Backup', 'Update'
$script:HighVerbs = 'Remove', 'Undo', 'Restore'
$script:ByNameVerbs = 'Set', 'Remove', 'Suspend', 'Resume', 'Unregister', 'Revoke', 'Stop', 'Approve', 'Deny'

function Get-CmdletAttribute {
    param([Parameter(Mandatory)] $Command)

    $Command.ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $true)[0]
}

function Get-OutputRecord {
    # The output types of our own.
    param([Parameter(Mandatory)] $Command)

    $Command.OutputType.Where({ $_.Type -and $_.Type.Assembly -eq $Command.ImplementingType.Assembly }).ForEach({ $_.Type })
}

$script:Rules = [ordered]@{
    'an approved verb and a singular noun with the prefix (1)'                   = {
        param($Command)
        if ($Command.Verb -notin (Get-Verb).Verb) { "the verb $($Command.Verb) is not approved" }
        if ($Command.Noun -cnotmatch '^AgentOps') { "the noun $($Command.Noun) has no prefix" }
        if (($Command.Noun -creplace '^AgentOps') -cmatch '(?<!s|u)s$|ies$') { "the noun $($Command.Noun) is no singular" }
    }
    'an output type (4)'                                                         = {
        param($Command)
        if (-not $Command.OutputType) { 'it does not say what it gives' }
    }
    'named output types (5)'                                                     = {
        param($Command)
        foreach ($output in $Command.OutputType) {
            if ($output.Name -in 'System.Management.Automation.PSObject', 'System.Management.Automation.PSCustomObject', 'System.Object') { "it gives $($output.Name)" }
        }
    }
    'moments, durations and money in their own types (7)'                        = {
        param($Command)
        foreach ($type in Get-OutputRecord $Command) {
            foreach ($property in $type.GetProperties()) {
                $plain = [Nullable]::GetUnderlyingType($property.PropertyType) ?? $property.PropertyType
                if ($plain -eq [datetime]) { "$($type.Name).$($property.Name) is a DateTime" }
                if ($property.Name -match 'Cost|Price|Budget|Spend|Spent|Money|Credit' -and $plain -in [double], [float]) { "$($type.Name).$($property.Name) is money in floating point" }
                if ($property.Name -match 'Duration|Timeout$|Latency' -and $plain -in [double], [float], [int], [long]) { "$($type.Name).$($property.Name) is a duration as a number" }
            }
        }
    }
    'no type of a dependency in its public types (38)'                           = {
        param($Command)
        foreach ($type in @($Command.ImplementingType) + (Get-OutputRecord $Command)) {
            $shown = @($type.BaseType) + $type.GetInterfaces() + $type.GetProperties().PropertyType + $type.GetMethods().ReturnType
            foreach ($one in $shown | Select-Object -Unique) {
                $leaf = $one.IsGenericType ? @($one) + $one.GetGenericArguments() : @($one)
                foreach ($part in $leaf) {
                    if ($part.Assembly.GetName().Name -notmatch $Framework -and $part.Assembly -ne $Command.ImplementingType.Assembly) { "$($type.Name) shows $($part.FullName)" }
                }
            }
        }
    }
    'switches, never bool (8)'                                                   = {
        param($Command)
        Get-OwnParameter $Command | Where-Object ParameterType -EQ ([bool]) | ForEach-Object { "-$($_.Name) is a bool" }
    }
    'wildcards on the names of Get- (9)'                                         = {
        param($Command)
        foreach ($name in 'Name', 'Id') {
            if ($Command.Verb -eq 'Get' -and $Command.Parameters.ContainsKey($name) -and
                -not $Command.Parameters[$name].Attributes.Where({ $_ -is [System.Management.Automation.SupportsWildcardsAttribute] })) { "-$name takes no wildcards" }
        }
    }
    'LiteralPath for files (9)'                                                  = {
        param($Command)
        Get-OwnParameter $Command | Where-Object Name -In 'Path', 'FilePath', 'File' | ForEach-Object { "-$($_.Name) is not LiteralPath" }
    }
    'one parameter a set from the pipeline (11)'                                 = {
        param($Command)
        foreach ($set in $Command.ParameterSets) {
            if (@($set.Parameters | Where-Object ValueFromPipeline).Count -gt 1) { "the set $($set.Name) binds several from the pipeline" }
        }
    }
    'names by property name where it changes what Get- gives (11, 12)'           = {
        param($Command)
        if ($Command.Verb -in $ByNameVerbs -and (Get-Command -Module $Command.Source -Name "Get-$($Command.Noun)" -ErrorAction Ignore)) {
            $key = 'Id', 'Name' | Where-Object { $Command.Parameters.ContainsKey($_) } | Select-Object -First 1
            if (-not $key) { 'it takes neither Id nor Name' }
            elseif (-not $Command.Parameters[$key].Attributes.Where({ $_ -is [Parameter] -and $_.ValueFromPipelineByPropertyName })) { "-$key is not bound by property name" }
            elseif (-not $Command.Parameters[$key].ParameterType.IsArray -and $Command.Verb -ne 'Set') { "-$key takes one name only" }
        }
    }
    'PassThru where it changes an object, and an object from New (13)'           = {
        param($Command)
        if ($Command.Verb -in 'Set', 'Suspend', 'Resume' -and -not $Command.Parameters.ContainsKey('PassThru')) { 'it has no -PassThru' }
        if ($Command.Verb -eq 'New' -and (-not $Command.OutputType -or $Command.OutputType[0].Type -eq [void])) { 'it gives nothing' }
    }
    'WhatIf where it changes something (14)'                                     = {
        param($Command)
        if ($Command.Verb -in $ChangingVerbs -and -not (Get-CmdletAttribute $Command).SupportsShouldProcess) { 'it has no -WhatIf' }
    }
    'the right impact (15)'                                                      = {
        param($Command)
        $expected = $Command.Verb -in $HighVerbs ? 'High' : 'Medium'
        $found = (Get-CmdletAttribute $Command).ConfirmImpact
        if ($Command.Verb -in $ChangingVerbs -and "$found" -ne $expected) { "its impact is $found, not $expected" }
    }
    'completion for names (40)'                                                  = {
        param($Command)
        foreach ($parameter in Get-OwnParameter $Command | Where-Object Name -In 'Name', 'Id', 'Agent', 'Route', 'Tool', 'Resource', 'Session') {
            $isNew = ($Command.Verb -in 'New', 'Register' -and $parameter.Name -eq 'Name') -or ($Command.Verb -eq 'Grant' -and $parameter.Name -eq 'Id')
            if (-not $isNew -and -not $parameter.Attributes.Where({ $_ -is [ArgumentCompleter] })) { "-$($parameter.Name) has no completion" }
        }
    }
    'no -AsJob, no parameter for a secret''s value (30)'                         = {
        param($Command)
        Get-OwnParameter $Command | Where-Object Name -In 'AsJob', 'ApiKey', 'Password', 'Secret', 'Token' | ForEach-Object { "it has -$($_.Name)" }
    }
}
