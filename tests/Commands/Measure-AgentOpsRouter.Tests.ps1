BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    $null = Connect-AgentOps -Store $store
    $null = Register-AgentOpsProvider rehearsal simulated
    $topics = @{ code = 'function', 'compiler', 'thread', 'class'; law = 'contract', 'court', 'treaty', 'tort' }
    $table = Join-Path $TestDrive 'scores.csv'
    $model = Join-Path $TestDrive 'assistant.quality'
    $(foreach ($number in 1..200) {
            $category = ('code', 'law')[$number % 2]
            $prompt = "Explain the $($topics[$category][($number -shr 1) % 4]), please, number $number"
            [pscustomobject]@{ prompt_id = $number; prompt = $prompt; model = 'operator-2'; score = 1; cost = 0.02; category = $category }
            [pscustomobject]@{ prompt_id = $number; prompt = $prompt; model = 'operator-1'; score = [int]($category -eq 'law'); cost = 0.001; category = $category }
        }) | Export-Csv $table
    $routers = Measure-AgentOpsRouter $table -Repeat 1 -OutFile $model
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Measure-AgentOpsRouter' {
    It 'tells what each router saves' {
        $routers.Router | Should -Be 'learned', 'zero', 'category', 'oracle'
        $routers | Should -BeOfType AgentOps.Output.RouterEvaluation
        $routers[0].Strongest, $routers[0].Prompts, $routers[0].LeftOut | Should -Be 'operator-2', 200, 0
        $routers[0].BeyondZero.Low | Should -BeGreaterThan 0.3
        "$($routers[1].BeyondZero)" | Should -Be '0.0 % (0.0-0.0)'
    }

    It 'warns of a router that knows nothing' {
        $(foreach ($number in 1..80) { 'a', 'b' | ForEach-Object { [pscustomobject]@{ prompt_id = $number; prompt = 'always the same'; model = $_; score = ($_ -eq 'b') -or ($number % 2); cost = 1 + ($_ -eq 'b') } } }) |
            Export-Csv (Join-Path $TestDrive 'same.csv')
        Measure-AgentOpsRouter (Join-Path $TestDrive 'same.csv') -Repeat 1 -WarningVariable told -WarningAction SilentlyContinue | Out-Null
        $told | Should -BeLike '*the zero-router on this table*'
    }

    It 'keeps no file with -WhatIf, and replaces none without -Force' {
        $other = Join-Path $TestDrive 'other.quality'
        Measure-AgentOpsRouter $table -Repeat 1 -OutFile $other -WhatIf | Out-Null
        Test-Path $other | Should -BeFalse
        { Measure-AgentOpsRouter $table -OutFile $model -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
    }

    It 'lets a route go by what was learned, prompt by prompt, until the file changes' {
        Set-AgentOpsRoute thrifty rehearsal/operator-1, rehearsal/operator-2 -Objective CheapestCapable -QualityModel $model
        (Get-AgentOpsRoute thrifty).QualityModel | Should -Be (Get-Item $model).FullName
        $law = Resolve-AgentOpsRoute thrifty 'Explain the treaty, please'
        $code = Resolve-AgentOpsRoute thrifty 'Explain the compiler, please'
        ($law | Where-Object Selected).Target | Should -Be 'rehearsal/operator-1'
        ($code | Where-Object Selected).Target | Should -Be 'rehearsal/operator-2'

        $file = Join-Path $TestDrive 'routes.yaml'
        Export-AgentOpsConfiguration $file | Out-Null
        (Import-AgentOpsConfiguration $file -WhatIf 6>&1 | Where-Object Kind -EQ Route) | Should -BeNullOrEmpty

        Add-Content -LiteralPath $model 'x'
        Disconnect-AgentOps
        $null = Connect-AgentOps -Store $store
        { Resolve-AgentOpsRoute thrifty 'Explain the treaty, please' -ErrorAction Stop } | Should -Throw -ErrorId 'QualityModelInvalid,*'
    }

    It 'warns of a route whose models it does not know' {
        $again = Join-Path $TestDrive 'again.quality'
        Measure-AgentOpsRouter $table -Repeat 1 -OutFile $again | Out-Null
        Set-AgentOpsRoute other rehearsal/unknown -QualityModel $again -WarningVariable told -WarningAction SilentlyContinue
        $told | Should -BeLike '*knows none of the route''s models*operator-1*'
    }
}
