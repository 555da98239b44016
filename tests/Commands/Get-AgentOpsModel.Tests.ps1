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

Describe 'Get-AgentOpsModel -Hosted: scores' {
    It 'gives each its benchmark, page and date, and none where nothing is stated' {
        $scores = (Get-AgentOpsModel -Hosted claude-sonnet-4-5).Scores
        $scores.Domain | Should -Contain 'code'
        $scores.Source | Should -Match '^https://'
        @($scores | Where-Object { $_.Score -le 0 -or $_.Score -gt 1 }).Count | Should -Be 0
        (Get-AgentOpsModel -Hosted anthropic.claude-sonnet-4-5).Scores.Count | Should -Be $scores.Count
        (Get-AgentOpsModel -Hosted gemini-2.0-flash).Scores.Count | Should -Be 0
        (Get-AgentOpsModel -Hosted gpt-4o).Scores | Out-String -Width 80 | Should -Match 'HumanEval +0.902 2025-07-09'
        Get-AgentOpsModel -Hosted gpt-4o | Format-List | Out-String -Width 300 | Should -Match 'code: HumanEval 0.902'
    }

    It 'puts a catalog of one''s own over the built-in one' {
        $folder = Join-Path $TestDrive 'cat [1]'
        $null = New-Item -ItemType Directory -Path $folder
        Set-Content -LiteralPath (Join-Path $folder 'quality.yaml') '- {model: gpt-4o, domain: law, benchmark: ours, score: 0.7, source: "https://example.com", date: 2026-01-02}'
        $env:AGENTOPS_CATALOG = $folder
        try {
            (Get-AgentOpsModel -Hosted gpt-4o).Scores | Where-Object Domain -EQ law | ForEach-Object Benchmark | Should -Be 'ours'
            Set-Content -LiteralPath (Join-Path $folder 'quality.yaml') '- {model: gpt-4o, domain: cooking, benchmark: ours, score: 0.7, source: "https://example.com", date: 2026-01-02}'
            { Get-AgentOpsModel -Hosted gpt-4o -ErrorAction Stop } | Should -Throw -ErrorId 'CatalogInvalid,*'
        } finally {
            Remove-Item Env:AGENTOPS_CATALOG
        }
    }
}
