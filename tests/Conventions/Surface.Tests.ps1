BeforeDiscovery {
    . (Join-Path $PSScriptRoot '../common.ps1')
    . (Join-Path $PSScriptRoot 'Rules.ps1')
    $commands = Get-ModuleCommand | ForEach-Object { @{ Name = $_.Name; Command = $_ } }
    $checks = foreach ($rule in $Rules.Keys) { foreach ($command in $commands) { @{ Rule = $rule; Name = $command.Name; Command = $command.Command } } }
}

BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    . (Join-Path $PSScriptRoot 'Rules.ps1')
    $manifest = Import-PowerShellDataFile -LiteralPath $ManifestPath
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

    It '<Name> has <Rule>' -ForEach $checks {
        & $Rules[$Rule] $Command | Should -BeNullOrEmpty
    }

    It '<Name> has a table of at most six columns within 120 characters, and a list view (6)' -ForEach $commands {
        foreach ($type in Get-OutputRecord $Command) {
            $mine = @($views | Where-Object { $_.ViewSelectedBy.TypeName -eq $type.FullName })
            @($mine | Where-Object { $_['ListControl'] }).Count | Should -Be 1 -Because "$($type.Name) has one list view"
            foreach ($table in $mine | Where-Object { $_['TableControl'] }) {
                $headers = @($table.TableControl.TableHeaders.TableColumnHeader)
                $headers.Count | Should -BeLessOrEqual 6
                ($headers | ForEach-Object { [int] $_['Width'].InnerText + 1 } | Measure-Object -Sum).Sum | Should -BeLessOrEqual 120
            }
            foreach ($property in $mine | ForEach-Object { $_.SelectNodes('.//PropertyName').InnerText } | Select-Object -Unique) {
                $type.GetProperty($property) | Should -Not -BeNullOrEmpty -Because "a view of $($type.Name) shows $property"
            }
        }
    }
}
