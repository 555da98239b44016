BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    . (Join-Path $PSScriptRoot 'Behaviour.ps1')
}

Describe 'Import' {
    It 'loads nothing but AgentOps.dll, starts no process and writes nothing (31, 32)' {
        Find-ImportTrouble $ManifestPath AgentOps | Should -BeNullOrEmpty
    }

    It 'comes and goes cleanly: -Force, remove, import again (33)' {
        Find-ReimportTrouble $ManifestPath Get-AgentOpsContext | Should -BeNullOrEmpty
    }

    It 'works in a path with spaces, brackets and letters beyond ASCII (34)' {
        Find-PathTrouble $RepositoryRoot 'AgentOps.psd1', 'module' 'Connect-AgentOps -Store ./store; Import-AgentOpsConfiguration -LiteralPath ./module/quickstart/workspace.yaml; Export-AgentOpsConfiguration -LiteralPath ./out.yaml' | Should -BeNullOrEmpty
    }
}

Describe 'Dependencies' {
    It 'references from AgentOps.dll only the framework, PowerShell and our own assemblies (38)' {
        $assembly = (Get-Command -Module AgentOps | Select-Object -First 1).ImplementingType.Assembly
        foreach ($reference in $assembly.GetReferencedAssemblies().Name) {
            $reference | Should -Match '^(System(\..+)?|netstandard|Microsoft\.Win32\..+|AgentOps\.(Engine|Protocol|Simulation))$'
        }
    }
}
