BeforeDiscovery {
    $guides = Get-ChildItem -LiteralPath (Join-Path $PSScriptRoot '../../docs/guides') -Filter *.md |
        Where-Object { (Get-Content -Raw -LiteralPath $_.FullName).Contains('<!-- tested:') } |
        ForEach-Object { @{ Guide = $_.BaseName; File = $_.FullName } }
}

BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
}

Describe 'The guide' {
    It 'runs from its first block to its last: <Guide>' -ForEach $guides {
        $folder = Get-TestStore
        $blocks = [regex]::Matches((Get-Content -Raw -LiteralPath $File), '(?ms)^```powershell\r?\n(.*?)^```').ForEach({ $_.Groups[1].Value })
        $blocks.Count | Should -BeGreaterThan 1
        $script = "Set-StrictMode -Version Latest; `$ErrorActionPreference = 'Stop'; Import-Module '$ManifestPath'; Set-Location -LiteralPath '$folder'`n" + ($blocks -join "`n")
        try {
            $null = New-Item -ItemType Directory -Force -Path $folder
            Invoke-FreshPowerShell -Script $script -Environment @{ AGENTOPS_HOME = (Join-Path $folder 'home') } | Should -Not -BeNullOrEmpty
        } finally {
            Remove-Item -LiteralPath $folder -Recurse -Force
        }
    }

    It 'of the README does the whole job with its first script' {
        $folder = Get-TestStore
        $text = Get-Content -Raw -LiteralPath (Join-Path $RepositoryRoot 'README.md')
        $block = [regex]::Match($text, '(?ms)^## The whole job in one script.*?^```powershell\r?\n(.*?)^```').Groups[1].Value
        @($block -split '\r?\n' -match '^[^#\s]').Count | Should -BeIn (10..25)
        $script = "Set-StrictMode -Version Latest; `$ErrorActionPreference = 'Stop'; Set-Location -LiteralPath '$folder'`n" +
            $block.Replace('./AgentOps.psd1', "'$ManifestPath'").Replace('./module/quickstart/workspace.yaml', "'$RepositoryRoot/module/quickstart/workspace.yaml'") +
            "`n`"status `$(`$result.Status)`""
        try {
            $null = New-Item -ItemType Directory -Force -Path $folder
            $output = Invoke-FreshPowerShell -Script $script
            $output | Should -Match 'status Completed'
            $output | Should -Match 'no-restarts'
            Get-Content -Raw -LiteralPath (Join-Path $folder 'report.html') | Should -Match '<svg'
        } finally {
            Remove-Item -LiteralPath $folder -Recurse -Force
        }
    }
}
