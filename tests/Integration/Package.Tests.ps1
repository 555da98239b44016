BeforeDiscovery {
    $packages = Join-Path $PSScriptRoot '../../artifacts/package'
    $isPacked = @(Get-ChildItem -LiteralPath $packages -Filter *.nupkg -ErrorAction Ignore).Count -eq 1
    # npm install in tests/Integration/sdk brings the schema and its judge.
    $hasSchema = [bool] (Get-Command node -ErrorAction Ignore) -and (Test-Path -LiteralPath (Join-Path $PSScriptRoot 'sdk/node_modules/@cyclonedx/cyclonedx-library'))
    # In PowerShell's own folder; some builds of PowerShell leave it out.
    $packaging = @(Get-Item -Path (Join-Path $PSHOME System.IO.Packaging.dll), ~/.nuget/packages/system.io.packaging/*/lib/net10.0/System.IO.Packaging.dll -ErrorAction Ignore).FullName | Select-Object -Last 1
    $hasGet = [bool] (Get-Module -ListAvailable Microsoft.PowerShell.PSResourceGet)
}

BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $packages = Join-Path $RepositoryRoot 'artifacts/package'
    $scratch = Get-TestStore
    # Test-ModuleManifest finds no assembly below a folder with brackets in its name.
    $installed = Join-Path ([IO.Path]::GetTempPath()) "agentops-package-$([guid]::NewGuid().ToString('n'))"

    function Expand-Package {
        # As NuGet does: the files, and no execute bit.
        param([Parameter(Mandatory)] [string] $Destination)

        [IO.Compression.ZipFile]::ExtractToDirectory($package, $Destination)
        if (-not $IsWindows) {
            foreach ($file in Get-ChildItem -LiteralPath $Destination -Recurse -File) { [IO.File]::SetUnixFileMode($file.FullName, [IO.UnixFileMode] 'UserRead, UserWrite, GroupRead, OtherRead') }
        }
    }
}

AfterAll {
    Remove-Item -LiteralPath $scratch, $installed -Recurse -Force -ErrorAction Ignore
}

# ./build.sh pack makes it; ./build.sh test does so before it comes here.
Describe 'The package' -Skip:(-not $isPacked) {
    BeforeAll {
        $package = (Get-ChildItem -LiteralPath $packages -Filter *.nupkg).FullName
        Expand-Package $installed
        $nuspec = ([xml] (Get-Content -LiteralPath (Join-Path $installed 'AgentOps.nuspec') -Raw)).package.metadata
        $manifestFile = Join-Path $installed 'AgentOps.psd1'
        $billFile = Join-Path $installed '_manifest/AgentOps.cdx.json'
        $bill = Get-Content -LiteralPath $billFile -Raw | ConvertFrom-Json
    }

    It 'has a manifest that Test-ModuleManifest finds nothing in' {
        $manifest = Test-ModuleManifest -Path $manifestFile -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $manifest.LicenseUri | Should -Not -BeNullOrEmpty
        $manifest.ReleaseNotes | Should -Match ([regex]::Escape('`Connect-AgentOps`'))
        $manifest.ExportedCmdlets.Keys | Sort-Object | Should -Be (Get-ModuleCommand).Name
    }

    It 'says in its nuspec what the manifest says, and names each command in its tags' {
        $manifest = Import-PowerShellDataFile -LiteralPath $manifestFile
        $nuspec.id | Should -BeExactly 'AgentOps'
        $nuspec.version | Should -BeExactly $manifest.ModuleVersion
        $nuspec.authors | Should -BeExactly $manifest.Author
        $nuspec.description | Should -BeExactly $manifest.Description
        $nuspec.licenseUrl | Should -BeExactly $manifest.PrivateData.PSData.LicenseUri
        $nuspec.releaseNotes.Trim() | Should -BeExactly $manifest.PrivateData.PSData.ReleaseNotes
        $tags = $nuspec.tags -split ' '
        $tags | Should -Contain 'PSModule'
        $tags | Should -Contain 'PSEdition_Core'
        foreach ($name in $manifest.CmdletsToExport) { $tags | Should -Contain "PSCommand_$name" }
        $nuspec.tags.Length | Should -BeLessOrEqual 4000
    }

    It 'is an Open Packaging Convention''s package, by the platform''s own reader' -Skip:(-not $packaging) -ForEach @{ Reader = $packaging } {
        Add-Type -LiteralPath $Reader
        $opened = [IO.Packaging.Package]::Open($package, 'Open', 'Read')
        try {
            $parts = $opened.GetParts().Uri.OriginalString
            $parts | Should -Contain '/AgentOps.psd1'
            $parts | Should -Contain '/LICENSE'
            $opened.GetRelationshipsByType('http://schemas.microsoft.com/packaging/2010/07/manifest').TargetUri.OriginalString | Should -BeExactly '/AgentOps.nuspec'
            $opened.PackageProperties.Identifier | Should -BeExactly 'AgentOps'
        }
        finally {
            $opened.Close()
        }
    }

    It 'can be restored by NuGet itself from a folder, and imported from there' {
        $feed = Join-Path $scratch 'feed'
        $null = [IO.Directory]::CreateDirectory($feed)
        Copy-Item -LiteralPath $package -Destination $feed
        $project = Join-Path ([IO.Path]::GetTempPath()) "agentops-restore-$([guid]::NewGuid().ToString('n'))"
        try {
            $null = [IO.Directory]::CreateDirectory($project)
            '<Project />' | Set-Content -LiteralPath (Join-Path $project 'Directory.Build.props')
            "<Project Sdk=`"Microsoft.NET.Sdk`"><PropertyGroup><TargetFramework>net10.0</TargetFramework><RestoreSources>$feed</RestoreSources><RestorePackagesPath>$project/packages</RestorePackagesPath></PropertyGroup><ItemGroup><PackageDownload Include=`"AgentOps`" Version=`"[0.1.0]`" /></ItemGroup></Project>" |
                Set-Content -LiteralPath (Join-Path $project 'restore.csproj')
            $output = dotnet restore (Join-Path $project 'restore.csproj') -v quiet -nologo 2>&1
            $LASTEXITCODE | Should -Be 0 -Because "$output"
            Invoke-FreshPowerShell "Import-Module '$project/packages/agentops/0.1.0/AgentOps.psd1' -ErrorAction Stop; (Get-Command -Module AgentOps).Count" | Should -Be @(Get-ModuleCommand).Count
        }
        finally {
            Remove-Item -LiteralPath $project -Recurse -Force
        }
    }

    It 'runs from where it was unpacked, and gives its programs their execute bit on first use' {
        $store = Join-Path $scratch 'store'
        $program = Get-ChildItem -LiteralPath (Join-Path $installed 'module/bin/native') -Recurse -File | Where-Object BaseName -EQ agentops
        if (-not $IsWindows) { [IO.File]::GetUnixFileMode($program.FullName).HasFlag([IO.UnixFileMode]::UserExecute) | Should -BeFalse }
        $output = Invoke-FreshPowerShell "`$ErrorActionPreference = 'Stop'; Set-StrictMode -Version Latest; Import-Module '$manifestFile'
            `$null = Connect-AgentOps -Store '$store'
            `$null = Import-AgentOpsConfiguration -LiteralPath '$installed/module/quickstart/workspace.yaml'
            (Invoke-AgentOpsAgent host-watch 'Look after this host.').Status
            (Invoke-AgentOpsSimulation -Model llama-3.1-8b -Accelerator h100 -Rate 1 -Duration 00:00:20).Model
            (Get-Module AgentOps).ModuleBase"
        $output | Should -BeExactly ("Completed", "llama-3.1-8b", $installed -join [Environment]::NewLine)
        if (-not $IsWindows) { [IO.File]::GetUnixFileMode($program.FullName).HasFlag([IO.UnixFileMode]::UserExecute) | Should -BeTrue }
        if ($IsLinux) { [IO.File]::GetUnixFileMode((Join-Path $program.DirectoryName 'agentops-sandbox')).HasFlag([IO.UnixFileMode]::UserExecute) | Should -BeTrue }
    }

    It 'has its help' {
        Invoke-FreshPowerShell "Import-Module '$manifestFile'; (Get-Help Invoke-AgentOpsAgent).Synopsis; (Get-Help about_AgentOps_Ledger).Length -gt 100" | Should -Match 'True$'
    }

    It 'holds no assembly of the framework or of PowerShell, no symbols and nothing that is not meant for it' {
        $framework = Split-Path ([object].Assembly.Location)
        $files = Get-ChildItem -LiteralPath $installed -Recurse -File
        foreach ($file in $files | Where-Object Name -Match '^(System\.|Microsoft\.(PowerShell|CSharp|Win32|VisualBasic))') { Join-Path $framework $file.Name | Should -Not -Exist }
        $files.Extension | Should -Not -Contain '.pdb'
        $files.Extension | Should -Not -Contain '.dbg'
        # NuGet's own parts besides.
        (Get-ChildItem -LiteralPath $installed).Name | Sort-Object | Should -Be @('_manifest', '_rels', '[Content_Types].xml', 'AgentOps.nuspec', 'AgentOps.psd1', 'CHANGELOG.md', 'en-US', 'LICENSE', 'module', 'package', 'README.md' | Sort-Object)
    }

    It 'bears one moment, that of its sources' {
        $zip = [IO.Compression.ZipFile]::OpenRead($package)
        try { @($zip.Entries.LastWriteTime | Select-Object -Unique).Count | Should -Be 1 }
        finally { $zip.Dispose() }
    }

    It 'has a bill of materials that the published schema accepts' -Skip:(-not $hasSchema) {
        $judge = Join-Path $PSScriptRoot 'sdk/bom.mjs'
        $problem = node $judge $billFile 2>&1
        $LASTEXITCODE | Should -Be 0 -Because "$problem"
        $bad = Join-Path $scratch 'bad.json'
        (Get-Content -LiteralPath $billFile -Raw).Replace('"SHA-256"', '"SHA-257"') | Set-Content -LiteralPath $bad
        $null = node $judge $bad 2>&1
        $LASTEXITCODE | Should -Not -Be 0
    }

    It 'has a bill of materials that names each assembly''s package with the locked version, a licence and a digest' {
        $lock = (Get-Content -LiteralPath (Join-Path $RepositoryRoot 'src/AgentOps/packages.lock.json') -Raw | ConvertFrom-Json -AsHashtable).dependencies['net10.0']
        $libraries = @($bill.components | Where-Object { $_.type -ne 'file' -and $_.PSObject.Properties['purl'] })
        foreach ($assembly in Get-ChildItem -LiteralPath (Join-Path $installed 'module/bin/deps') -Filter *.dll | Where-Object BaseName -NotLike 'AgentOps*') {
            $library = $libraries | Where-Object { $_.name -eq $assembly.BaseName -and $_.properties.value -contains 'module' }
            $library.version | Should -BeExactly $lock[$assembly.BaseName].resolved
            $library.licenses.Count | Should -Be 1
            $library.hashes[0].content | Should -MatchExactly '^[0-9a-f]{128}$'
        }
        $libraries.name | Should -Not -Contain 'PowerShellStandard.Library'
        if (Get-ChildItem -LiteralPath (Join-Path $installed 'module/bin/native') -Recurse -File) { $libraries.name | Should -Contain 'System.CommandLine' }
    }

    It 'has a bill of materials with the digest of each other file' {
        $named = @{}
        foreach ($component in $bill.components | Where-Object type -EQ file) { $named[$component.name] = $component.hashes[0].content }
        foreach ($file in Get-ChildItem -LiteralPath $installed -Recurse -File) {
            $path = [IO.Path]::GetRelativePath($installed, $file.FullName).Replace('\', '/')
            if ($path -notmatch '^(_rels|package|_manifest)/|^\[Content_Types\]|\.nuspec$') { $named[$path] | Should -BeExactly (Get-FileHash -LiteralPath $file.FullName).Hash.ToLowerInvariant() -Because $path }
        }
    }

    It 'can be installed from a folder with Install-PSResource' -Skip:(-not $hasGet) {
        $output = Invoke-FreshPowerShell "`$ErrorActionPreference = 'Stop'
            Register-PSResourceRepository -Name agentops-test -Uri '$packages' -Trusted -Force
            try {
                Save-PSResource -Name AgentOps -Repository agentops-test -Path '$(Join-Path $scratch 'saved')' -TrustRepository -WarningAction SilentlyContinue
                (Find-PSResource -CommandName Invoke-AgentOpsAgent -Repository agentops-test).Name
            }
            finally { Unregister-PSResourceRepository -Name agentops-test }"
        $output | Should -Match 'AgentOps'
        Join-Path $scratch 'saved/AgentOps/0.1.0/AgentOps.psd1' | Should -Exist
    }
}
