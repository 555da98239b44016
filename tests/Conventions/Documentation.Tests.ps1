BeforeDiscovery {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $commands = Get-ModuleCommand | ForEach-Object { @{ Name = $_.Name; Command = $_ } }
}

BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
}

Describe 'Documentation' {
    Context '<Name>' -ForEach $commands {
        BeforeAll {
            $document = Read-HelpDocument -LiteralPath (Join-Path $DocsPath "$Name.md")
            $help = Get-Help $Name -Full
        }

        It 'has a title, a synopsis and a description (39)' {
            $document.Title | Should -BeExactly $Name
            $document.Synopsis | Should -Not -BeNullOrEmpty
            $document.Description | Should -Not -BeNullOrEmpty
        }

        It 'has words for each parameter and for none besides (39)' {
            $expected = @(Get-OwnParameter $Command | Where-Object Name -NotIn 'WhatIf', 'Confirm' | ForEach-Object Name | Sort-Object)
            (@($document.Parameters.Keys) | Sort-Object) -join ' ' | Should -BeExactly ($expected -join ' ')
            foreach ($parameter in $expected) {
                $document.Parameters[$parameter] | Should -Not -BeNullOrEmpty -Because $parameter
            }
        }

        It 'has two examples that parse (39)' {
            $document.Examples.Count | Should -BeGreaterOrEqual 2
            foreach ($example in $document.Examples) {
                $problems = $null
                $null = [System.Management.Automation.Language.Parser]::ParseInput($example.Code, [ref] $null, [ref] $problems)
                $problems | Should -BeNullOrEmpty
                $example.Code | Should -Match ([regex]::Escape($Name))
            }
        }

        It 'shows in Get-Help what the document says (45)' {
            $help.Synopsis.Trim() | Should -BeExactly (($document.Synopsis -replace '\s*\n\s*', ' ') -replace '`', '')
            @($help.examples.example).Count | Should -Be $document.Examples.Count
            $help.examples.example[0].code | Should -BeExactly $document.Examples[0].Code
        }
    }

    It 'has the topic <_> (44)' -ForEach 'about_AgentOps', 'about_AgentOps_Permissions', 'about_AgentOps_Ledger' {
        Get-Help $_ | Out-String | Should -Match "TOPIC\s+$_"
    }

    It 'has a line in the changelog for <Name> (42)' -ForEach $commands {
        Get-Content -LiteralPath (Join-Path $RepositoryRoot 'CHANGELOG.md') -Raw | Should -Match "``$Name``"
    }
}
