BeforeDiscovery {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $commands = Get-ModuleCommand | ForEach-Object { @{ Name = $_.Name; Command = $_ } }
    $emitters = $commands | Where-Object { $_.Command.OutputType }
    $getters = $commands | Where-Object { $_.Command.Verb -eq 'Get' }
}

BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $manifest = Import-PowerShellDataFile -LiteralPath $ManifestPath
    $changingVerbs = 'New', 'Set', 'Remove', 'Suspend', 'Resume', 'Grant', 'Revoke', 'Register', 'Unregister', 'Approve', 'Deny', 'Import', 'Export', 'Stop', 'Undo', 'Restore', 'Backup'
    $highVerbs = 'Remove', 'Undo', 'Restore'
    $views = ([xml] (Get-Content -LiteralPath (Join-Path $RepositoryRoot 'module/AgentOps.Format.ps1xml') -Raw)).Configuration.ViewDefinitions.View
}

Describe 'Surface' {
    It 'exports by explicit lists, without functions, aliases, variables or a prefix (2)' {
        $manifest.CmdletsToExport | Should -Not -Contain '*'
        $manifest.FunctionsToExport | Should -BeNullOrEmpty
        $manifest.AliasesToExport | Should -BeNullOrEmpty
        $manifest.VariablesToExport | Should -BeNullOrEmpty
        $manifest.Keys | Should -Not -Contain 'DefaultCommandPrefix'
    }

    It 'exports exactly the cmdlets of the assembly (3)' {
        $assembly = (Get-Command -Module AgentOps | Select-Object -First 1).ImplementingType.Assembly
        $inAssembly = $assembly.GetExportedTypes().ForEach({
                $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ForEach({ "$($_.VerbName)-$($_.NounName)" })
            }) | Sort-Object
        ($manifest.CmdletsToExport | Sort-Object) -join ' ' | Should -BeExactly ($inAssembly -join ' ')
    }

    It 'has one help document for each cmdlet and none besides (3)' {
        $documents = (Get-ChildItem -LiteralPath $DocsPath -Filter '*-*.md').BaseName | Sort-Object
        $documents -join ' ' | Should -BeExactly (($manifest.CmdletsToExport | Sort-Object) -join ' ')
    }

    It 'has no public type that derives from or implements a type of a dependency (38)' {
        $assembly = (Get-Command -Module AgentOps | Select-Object -First 1).ImplementingType.Assembly
        foreach ($type in $assembly.GetExportedTypes()) {
            foreach ($base in @($type.BaseType) + $type.GetInterfaces()) {
                if ($base) { $base.Assembly.GetName().Name | Should -Match '^(AgentOps|System\..*|netstandard)$' -Because $type.FullName }
            }
            foreach ($property in $type.GetProperties()) {
                $property.PropertyType.Assembly.GetName().Name | Should -Match '^(AgentOps|System\..*|netstandard)$' -Because "$($type.FullName).$($property.Name)"
            }
        }
    }

    It '<Name> has an approved verb and a singular noun with the prefix (1)' -ForEach $commands {
        (Get-Verb).Verb | Should -Contain $Command.Verb
        $Command.Noun | Should -MatchExactly '^AgentOps'
        ($Command.Noun -creplace '^AgentOps') | Should -Not -MatchExactly '(?<!s|u)s$|ies$'
    }

    It '<Name> says what it gives (4)' -ForEach $commands {
        if ($Name -notin 'Disconnect-AgentOps') {
            $Command.OutputType | Should -Not -BeNullOrEmpty
        }
    }

    It '<Name> gives named types (5, 7)' -ForEach $emitters {
        foreach ($output in $Command.OutputType) {
            $output.Name | Should -Not -BeIn 'System.Management.Automation.PSObject', 'System.Management.Automation.PSCustomObject', 'System.Object'
            if ($output.Type -and $output.Type.Namespace -eq 'AgentOps.Output') {
                foreach ($property in $output.Type.GetProperties()) {
                    $property.PropertyType | Should -Not -BeIn @([datetime], [Nullable[datetime]]) -Because "$($output.Name).$($property.Name) is a moment: DateTimeOffset in UTC"
                    if ($property.Name -match 'Cost|Price|Budget|Spend|Money') {
                        $property.PropertyType | Should -Not -BeIn @([double], [float]) -Because "$($output.Name).$($property.Name) is money: decimal"
                    }
                }
            }
        }
    }

    It '<Name> has a table of at most six columns within 120 characters, and a list view (6)' -ForEach $emitters {
        foreach ($output in $Command.OutputType.Where({ $_.Type -and $_.Type.Namespace -eq 'AgentOps.Output' })) {
            $mine = @($views | Where-Object { $_.ViewSelectedBy.TypeName -eq $output.Name })
            $list = @($mine | Where-Object { $_['ListControl'] })
            $list.Count | Should -Be 1 -Because "$($output.Name) has one list view"
            $table = @($mine | Where-Object { $_['TableControl'] })
            if ($table) {
                $headers = @($table[0].TableControl.TableHeaders.TableColumnHeader)
                $headers.Count | Should -BeLessOrEqual 6
                ($headers | ForEach-Object { [int] $_['Width'].InnerText + 1 } | Measure-Object -Sum).Sum | Should -BeLessOrEqual 120
            }
        }
    }

    It '<Name> uses switches, never bool (8)' -ForEach $commands {
        @(Get-OwnParameter $Command | ForEach-Object ParameterType) | Should -Not -Contain ([bool])
    }

    It '<Name> takes wildcards where it takes names (9)' -ForEach $getters {
        $name = $Command.Parameters['Name']
        if ($name) {
            $name.Attributes.Where({ $_ -is [System.Management.Automation.SupportsWildcardsAttribute] }) | Should -Not -BeNullOrEmpty
        }
    }

    It '<Name> takes files as LiteralPath (9)' -ForEach $commands {
        @(Get-OwnParameter $Command | ForEach-Object Name) | Should -Not -Contain 'Path'
        @(Get-OwnParameter $Command | ForEach-Object Name) | Should -Not -Contain 'FilePath'
    }

    It '<Name> binds one parameter a set from the pipeline (11)' -ForEach $commands {
        foreach ($set in $Command.ParameterSets) {
            @($set.Parameters | Where-Object ValueFromPipeline).Count | Should -BeLessOrEqual 1 -Because $set.Name
        }
    }

    It '<Name> takes by property name what Get- gives (12)' -ForEach $commands {
        if ($Command.Verb -in 'Set', 'Remove', 'Suspend', 'Resume', 'Unregister', 'Revoke', 'Stop', 'Approve', 'Deny') {
            $get = Get-Command -Name "Get-$($Command.Noun)" -Module AgentOps
            $key = $Command.Parameters.ContainsKey('Id') ? 'Id' : 'Name'
            $get.OutputType[0].Type.GetProperty($key) | Should -Not -BeNullOrEmpty
            $Command.Parameters[$key].Attributes.Where({ $_ -is [Parameter] -and $_.ValueFromPipelineByPropertyName }) | Should -Not -BeNullOrEmpty
        }
    }

    It '<Name> gives its object back on request (13)' -ForEach $commands {
        if ($Command.Verb -in 'Set', 'Suspend', 'Resume' -and $Command.Noun -notmatch 'Session$') {
            $Command.Parameters.Keys | Should -Contain 'PassThru'
        }
        if ($Command.Verb -eq 'New') {
            $Command.OutputType | Should -Not -BeNullOrEmpty
        }
    }

    It '<Name> has WhatIf where it changes something, with the right impact (14, 15)' -ForEach $commands {
        $attribute = $Command.ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $true)[0]
        if ($Command.Verb -in $changingVerbs) {
            $attribute.SupportsShouldProcess | Should -BeTrue
            $expected = $Command.Verb -in $highVerbs ? 'High' : 'Medium'
            "$($attribute.ConfirmImpact)" | Should -Be $expected
        }
    }
}
