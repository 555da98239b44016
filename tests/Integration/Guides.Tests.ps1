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
}
