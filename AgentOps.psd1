@{
    RootModule             = 'module/bin/AgentOps.dll'
    ModuleVersion          = '0.1.0'
    GUID                   = '7c5c1f0e-6a0b-4a8e-9d55-9b0c3f0a8e21'
    Author                 = 'The AgentOps founders'
    CompanyName            = 'AgentOps'
    Copyright              = '(c) The AgentOps founders. MIT licence.'
    Description            = 'Just Enough Administration for AI agents: create agents, grant them exactly what they may do, run them over any vendor''s models, prove what they did, stop them, and measure whether they are worth it.'
    PowerShellVersion      = '7.6'
    CompatiblePSEditions   = @('Core')
    FormatsToProcess       = @('module/AgentOps.Format.ps1xml')
    TypesToProcess         = @('module/AgentOps.Types.ps1xml')
    FunctionsToExport      = @()
    CmdletsToExport        = @(
        'Connect-AgentOps'
        'Disconnect-AgentOps'
        'Get-AgentOpsAccelerator'
        'Get-AgentOpsAgent'
        'Invoke-AgentOpsAgent'
        'New-AgentOpsAgent'
        'Remove-AgentOpsAgent'
        'Resume-AgentOpsAgent'
        'Set-AgentOpsAgent'
        'Suspend-AgentOpsAgent'
        'Get-AgentOpsAudit'
        'Get-AgentOpsBudget'
        'Remove-AgentOpsBudget'
        'Set-AgentOpsBudget'
        'Import-AgentOpsConfiguration'
        'Test-AgentOpsConfiguration'
        'Get-AgentOpsContext'
        'Export-AgentOpsLedger'
        'Test-AgentOpsLedger'
        'Get-AgentOpsModel'
        'Export-AgentOpsIdentity'
        'Update-AgentOpsIdentity'
        'Get-AgentOpsPermission'
        'Grant-AgentOpsPermission'
        'Revoke-AgentOpsPermission'
        'Test-AgentOpsPermission'
        'Get-AgentOpsProvider'
        'Register-AgentOpsProvider'
        'Unregister-AgentOpsProvider'
        'Approve-AgentOpsRequest'
        'Deny-AgentOpsRequest'
        'Get-AgentOpsRequest'
        'Get-AgentOpsRoute'
        'Remove-AgentOpsRoute'
        'Resolve-AgentOpsRoute'
        'Invoke-AgentOpsRoute'
        'Test-AgentOpsProvider'
        'Set-AgentOpsRoute'
        'Get-AgentOpsSession'
        'Resume-AgentOpsSession'
        'Stop-AgentOpsSession'
        'Undo-AgentOpsSession'
        'Watch-AgentOpsSession'
        'Invoke-AgentOpsSimulation'
        'Optimize-AgentOpsSimulation'
        'Backup-AgentOpsStore'
        'Export-AgentOpsConfiguration'
        'Remove-AgentOpsPayload'
        'Update-AgentOpsLedgerKey'
        'Restore-AgentOpsStore'
        'Get-AgentOpsTool'
        'Register-AgentOpsTool'
        'Unregister-AgentOpsTool'
        'Measure-AgentOpsUsage'
        'Measure-AgentOpsAgent'
        'Measure-AgentOpsRoute'
        'Export-AgentOpsReport'
    )
    VariablesToExport      = @()
    AliasesToExport        = @()
    PrivateData            = @{
        PSData = @{
            Tags       = @('AI', 'Agent', 'LLM', 'Administration', 'Audit', 'JEA', 'Security', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri = 'https://opensource.org/license/mit'
            # What CHANGELOG.md says of the version: written by the task that packs.
            ReleaseNotes = ''
        }
    }
}
