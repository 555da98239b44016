BeforeDiscovery {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $examples = foreach ($file in Get-ChildItem -LiteralPath $DocsPath -Filter '*-*.md') {
        $number = 0
        foreach ($example in (Read-HelpDocument -LiteralPath $file.FullName).Examples) {
            $number++
            @{ Name = $file.BaseName; Number = $number; Title = $example.Title; Code = $example.Code }
        }
    }
}

BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $before = Get-Location
    $template = Get-TestStore
    Initialize-ExampleWorkspace -Store (Join-Path $template 'store')
}

AfterAll {
    Set-Location $before
    Remove-Item -LiteralPath $template -Recurse -Force
}

Describe 'Examples' {
    BeforeEach {
        $folder = Get-TestStore
        Copy-Item -LiteralPath (Join-Path $template 'store') -Destination $folder -Recurse
        Copy-Item -LiteralPath (Join-Path $RepositoryRoot 'module/quickstart/workspace.yaml') -Destination $folder
        Set-Location -LiteralPath $folder
        $null = Connect-AgentOps -Store ./store
    }

    AfterEach {
        Disconnect-AgentOps
        Set-Location $before
        Remove-Item -LiteralPath $folder -Recurse -Force
    }

    It '<Name>, example <Number> runs: <Title> (39)' -ForEach $examples {
        $ErrorActionPreference = 'Stop'
        { & ([scriptblock]::Create($Code)) 6>$null | Out-Null } | Should -Not -Throw
    }
}
