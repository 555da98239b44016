BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
}

Describe 'Get-AgentOpsModel -Hosted' {
    It 'gives every figure its source and date, and names what was not seen on the vendor''s page' {
        $models = Get-AgentOpsModel -Hosted
        $models.Count | Should -BeGreaterThan 20
        foreach ($model in $models) {
            $model.Figures.Figure | Should -Contain 'input'
            $model.Figures.Source | Should -Match '^https://'
            @($model.Figures | Where-Object Confirmed -EQ $false | ForEach-Object Figure) -join ',' | Should -BeExactly ($model.Unconfirmed -join ',')
            ($model.Figures | Where-Object Figure -EQ output).Value | Should -Be $model.Output
        }
    }

    It 'finds names by pattern, and reports a literal one that is not there' {
        (Get-AgentOpsModel -Hosted -Name CLAUDE-OPUS-5*).Name | Should -Be 'claude-opus-5', 'claude-opus-5-5'
        Get-AgentOpsModel -Hosted none* | Should -BeNullOrEmpty
        { Get-AgentOpsModel -Hosted none -ErrorAction Stop } | Should -Throw -ErrorId 'CatalogEntryNotFound,*'
        { Get-AgentOpsModel -Hosted llama-3.1-8b -ErrorAction Stop } | Should -Throw -ErrorId 'CatalogEntryNotFound,*'
    }

    It 'completes hosted names with the switch and architectures without it' {
        $hosted = 'Get-AgentOpsModel -Hosted gpt-5-'
        (TabExpansion2 $hosted $hosted.Length).CompletionMatches.CompletionText | Should -Be 'gpt-5-mini', 'gpt-5-nano'
        (TabExpansion2 'Get-AgentOpsModel llama-2-' 26).CompletionMatches.CompletionText | Should -Contain 'llama-2-7b'
    }
}
