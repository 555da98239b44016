BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
}

Describe 'Style' {
    It 'has PowerShell files that PSScriptAnalyzer finds nothing in (41)' -Skip:(-not (Get-Module -ListAvailable PSScriptAnalyzer)) {
        $settings = Join-Path $RepositoryRoot 'PSScriptAnalyzerSettings.psd1'
        $files = Get-ChildItem -LiteralPath $RepositoryRoot -File -Filter *.ps?1
        $files += foreach ($folder in 'docs', 'module', 'tests') {
            Get-ChildItem -LiteralPath (Join-Path $RepositoryRoot $folder) -Recurse -File -Include *.ps1, *.psm1, *.psd1 | Where-Object FullName -NotMatch '[\\/](bin|obj)[\\/]'
        }
        $found = foreach ($file in $files) { Invoke-ScriptAnalyzer -Path ([Management.Automation.WildcardPattern]::Escape($file.FullName)) -Settings $settings }
        $found | ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName)" } | Should -BeNullOrEmpty
    }

    It 'writes nothing to the console behind PowerShell''s back (26)' {
        $found = Get-ChildItem -LiteralPath (Join-Path $RepositoryRoot 'src/AgentOps') -Recurse -Filter *.cs |
            Select-String -Pattern '\bConsole\.|\bWriteHost\b|\.UI\.Write'
        $found | Should -BeNullOrEmpty
    }
}
