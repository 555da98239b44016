BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $import = "`$ErrorActionPreference = 'Stop'; Set-StrictMode -Version Latest; Import-Module '$($ManifestPath -replace "'", "''")';"
}

Describe 'Import' {
    It 'loads nothing but AgentOps.dll, starts no process and writes nothing (31, 32)' {
        $userHome = Get-TestStore
        try {
            # PowerShell's own telemetry may load an HTTP client at any moment; what matters is what the import adds.
            $added = Invoke-FreshPowerShell "`$before = [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name
                $import
                ([AppDomain]::CurrentDomain.GetAssemblies().GetName().Name.Where({ `$_ -notin `$before -and `$_ -notmatch '^(System\.|Microsoft\.(?!Extensions))' }) | Sort-Object) -join ','" -Environment @{ AGENTOPS_HOME = (Join-Path $userHome 'store'); POWERSHELL_TELEMETRY_OPTOUT = '1' }
            $added | Should -BeExactly 'AgentOps'
            Get-ChildItem -LiteralPath $userHome -Force | Should -BeNullOrEmpty
        }
        finally {
            Remove-Item -LiteralPath $userHome -Recurse -Force
        }
    }

    It 'comes and goes cleanly: -Force, remove, import again (33)' {
        Invoke-FreshPowerShell "$import
            Import-Module '$ManifestPath' -Force
            `$null = Get-AgentOpsContext
            Remove-Module AgentOps
            if (Get-Command Get-AgentOpsContext -ErrorAction Ignore -Module AgentOps | Where-Object { Get-Module AgentOps }) { throw 'still there' }
            Import-Module '$ManifestPath'
            `$null = Get-AgentOpsContext
            'clean'" | Should -BeExactly 'clean'
    }

    It 'works in a path with spaces, brackets and letters beyond ASCII (34)' {
        $folder = Get-TestStore
        try {
            foreach ($part in 'AgentOps.psd1', 'module') {
                Copy-Item -LiteralPath (Join-Path $RepositoryRoot $part) -Destination $folder -Recurse
            }
            $name = [Management.Automation.WildcardPattern]::Escape((Join-Path $folder 'AgentOps.psd1')) -replace "'", "''"
            Invoke-FreshPowerShell "Import-Module '$name' -ErrorAction Stop; (Get-Module AgentOps).Name" | Should -BeExactly 'AgentOps'
        }
        finally {
            Remove-Item -LiteralPath $folder -Recurse -Force
        }
    }
}

Describe 'Dependencies' {
    It 'ships no assembly of the framework or of PowerShell in deps (38)' {
        $framework = Split-Path ([object].Assembly.Location)
        foreach ($file in Get-ChildItem -LiteralPath (Join-Path $RepositoryRoot 'module/bin/deps') -Filter *.dll) {
            if ($file.Name -match '^System\.') {
                Join-Path $framework $file.Name | Should -Not -Exist
            }
        }
        Join-Path $RepositoryRoot 'module/bin/deps/System.Management.Automation.dll' | Should -Not -Exist
    }

    It 'references from AgentOps.dll only the framework, PowerShell and our own assemblies (38)' {
        $assembly = (Get-Command -Module AgentOps | Select-Object -First 1).ImplementingType.Assembly
        foreach ($reference in $assembly.GetReferencedAssemblies().Name) {
            $reference | Should -Match '^(System(\..+)?|netstandard|Microsoft\.Win32\..+|AgentOps\.(Engine|Protocol|Simulation))$'
        }
    }
}
