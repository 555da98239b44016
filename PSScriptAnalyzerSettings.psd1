@{
    Severity     = @('Error', 'Warning', 'Information')
    ExcludeRules = @(
        # Pester shares variables between blocks; the rule can't see it.
        'PSUseDeclaredVarsMoreThanAssignments'
        # PowerShell 7 reads and writes UTF-8 without a mark.
        'PSUseBOMForUnicodeEncodedFile'
        # It takes the parameters of a thread job's own script for the caller's variables.
        'PSUseUsingScopeModifierInNewRunspaces'
        # Our own functions in scripts are called with positions where that reads well.
        'PSAvoidUsingPositionalParameters'
    )
}
