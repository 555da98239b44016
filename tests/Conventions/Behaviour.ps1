# The rules that only show when a command runs. Each function tries one of them and gives the problems that it finds, none when the
# rule is kept. The suites try AgentOps with them; Offenders.Tests.ps1 tries a module that breaks each.

function Get-Noted {
    # Runs a script block; gives the error records of it, also the one that ended it.
    param([Parameter(Mandatory)] [scriptblock] $Attempt)

    $ErrorActionPreference = 'Continue'
    try { @(& $Attempt 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }) }
    catch { $_ }
}

function Find-NameTrouble {
    # 10, 20, 21, 22: a pattern without a match is silent; each literal miss is one mendable error about that name.
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $Parameter)

    $pattern = @{ $Parameter = 'no-such-*' }
    $command = Get-Command -Name $Name
    if (Get-Noted { & $command @pattern }) { '10: a pattern without a match is an error' }
    $literal = @{ $Parameter = 'no-such-one', 'no-such-two' }
    $misses = @(Get-Noted { & $command @literal })
    if ($misses.Count -ne 2) { "22: two names that are not there are $($misses.Count) errors" }
    foreach ($miss in $misses) {
        if ($miss.CategoryInfo.Category -ne 'ObjectNotFound') { "20: the category is $($miss.CategoryInfo.Category)" }
        if ($miss.TargetObject -notin $literal[$Parameter]) { "20: the target is '$($miss.TargetObject)', not the name" }
        if ($miss.FullyQualifiedErrorId -notmatch '^\w+NotFound,') { "10: the id is $($miss.FullyQualifiedErrorId)" }
        if (-not $miss.ErrorDetails -or -not $miss.ErrorDetails.RecommendedAction) { '21: nothing is recommended' }
    }
}

function Find-CaseTrouble {
    # 17: names without regard to case, and each item once.
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $Parameter)

    $all = @(& $Name)
    if ($all) {
        $one = $all[0].$Parameter
        $arguments = @{ $Parameter = $one.ToUpperInvariant(), $one.ToLowerInvariant(), '*' }
        $found = @(try { & $Name @arguments -ErrorAction SilentlyContinue } catch { Write-Debug $_ })
        if ($found.Count -ne $all.Count) { "17: of $($all.Count) it gives $($found.Count)" }
    }
}

function Find-WhatIfTrouble {
    # 14: nothing changes under -WhatIf.
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [AllowEmptyCollection()] [hashtable] $Argument, [Parameter(Mandatory)] [scriptblock] $State)

    $before = & $State
    & $Name @Argument -WhatIf -ErrorAction SilentlyContinue 6>$null | Out-Null
    $after = & $State
    if ("$after" -ne "$before") { "14: it changed '$before' to '$after'" }
}

function Find-ErrorTrouble {
    # 19, 21, 23, 43: an attempt that must fail does so with a documented error of our own, never a raw one.
    param([Parameter(Mandatory)] [scriptblock] $Attempt, [Parameter(Mandatory)] [string] $Documented)

    $found = @(Get-Noted $Attempt)
    if (-not $found) { "19: '$Attempt' is wrong and passes" }
    foreach ($problem in $found) {
        $id = ($problem.FullyQualifiedErrorId -split ',')[0]
        if ($id -eq 'InternalError') { "19: '$Attempt' is an internal error: $problem" }
        if ($Documented -notmatch "(?m)^\| ``$id``") { "43: '$id' is not documented" }
        if ($problem.Exception.GetType().Name -cne 'AgentOpsException') { "23: '$Attempt' shows a $($problem.Exception.GetType().Name)" }
        if ("$problem" -match '\n\s+at ') { "23: '$Attempt' shows where it came from" }
        if (-not $problem.ErrorDetails -or -not $problem.ErrorDetails.RecommendedAction) { "21: '$Attempt' recommends nothing" }
    }
}

function Find-PromptTrouble {
    # 16: where nobody can be asked a command ends soon, with an error of our own.
    param([Parameter(Mandatory)] [string] $Script, [Parameter(Mandatory)] [string] $Id, [int] $TimeoutSeconds = 30)

    try {
        $output = Invoke-FreshPowerShell "$Script 2>&1 | ForEach-Object { `$_.FullyQualifiedErrorId }; exit 0" -TimeoutSeconds $TimeoutSeconds
        if ($output -notlike "$Id,*") { "16: it says '$output'" }
    }
    catch { "16: $_" }
}

function Find-BackgroundFault {
    # 24: no exception is left behind in the background.
    param([Parameter(Mandatory)] [string] $Script)

    $watch = 'public static class Watch { public static System.Collections.Concurrent.ConcurrentQueue<string> Seen = new(); public static void Start() { System.Threading.Tasks.TaskScheduler.UnobservedTaskException += (_, fault) => Seen.Enqueue(fault.Exception.InnerException?.Message); } }'
    $found = Invoke-FreshPowerShell "Add-Type '$watch'; [Watch]::Start(); & { $Script } *> `$null
        foreach (`$again in 1..3) { Start-Sleep -Milliseconds 100; [GC]::Collect(); [GC]::WaitForPendingFinalizers() }
        [Watch]::Seen -join '; '"
    if ($found) { "24: $found" }
}

function Find-ThreadTrouble {
    # 25: the pipeline is only called on its own thread.
    param([Parameter(Mandatory)] [scriptblock] $Attempt)

    Get-Noted $Attempt | Where-Object { $_.Exception.Message -match 'cannot be called from outside|same thread' } | ForEach-Object { "25: $_" }
}

function Find-OpenProgress {
    # 27: progress has a stable id of our own and is completed, also after a failure.
    param([Parameter(Mandatory)] [string] $Script)

    $shell = [powershell]::Create()
    try {
        $null = $shell.AddScript($Script).Invoke()
        $own = @($shell.Streams.Progress.Where({ $_.ActivityId -ge 0x41470000 }))
        if (-not $own) { '27: there is no progress' }
        foreach ($activity in $own | Group-Object ActivityId, Activity) {
            if ($activity.Group[-1].RecordType -ne 'Completed') { "27: '$($activity.Name)' stays open" }
        }
    }
    finally {
        $shell.Dispose()
    }
}

function Find-StopTrouble {
    # 28: a stop takes less than a second. The script gives something before it lasts; -Ended is told what that was.
    param([Parameter(Mandatory)] [string] $Script, [int] $After = 1, [scriptblock] $Ended)

    $shell = [powershell]::Create()
    try {
        $null = $shell.AddScript($Script)
        $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $running = $shell.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]::new(), $output)
        $deadline = [datetime]::UtcNow.AddSeconds(20)
        while ($output.Count -lt $After -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 20 }
        if ($output.Count -lt $After) { return '28: it gave nothing that could be stopped' }
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        if ($clock.Elapsed.TotalSeconds -ge 1 + (Get-Slack)) { "28: it took $($clock.Elapsed.TotalSeconds) s" }
        if (-not $running.IsCompleted) { '28: it still runs' }
        if ($Ended) { & $Ended $output }
    }
    finally {
        $shell.Dispose()
    }
}

function Find-LateOutput {
    # 29: what is streamed arrives long before the command ends.
    param([Parameter(Mandatory)] [scriptblock] $Attempt, [Parameter(Mandatory)] [scriptblock] $Counts)

    $clock = [Diagnostics.Stopwatch]::StartNew()
    $first = $null
    & $Attempt | ForEach-Object { if (-not $first -and (& $Counts $_)) { $first = $clock.Elapsed } }
    if (-not $first) { '29: nothing came' }
    elseif ($first -ge $clock.Elapsed / 2) { "29: the first came after $first of $($clock.Elapsed)" }
}

function Find-Leak {
    # 30: a secret is in no stream, no transcript and no file.
    param([Parameter(Mandatory)] [string] $Canary, [Parameter(Mandatory)] [scriptblock] $Attempt, [Parameter(Mandatory)] [string] $Folder)

    $transcript = Join-Path $Folder "transcript-$([guid]::NewGuid().ToString('n')).txt"
    $null = Start-Transcript -LiteralPath $transcript
    try { $everything = & $Attempt *>&1 | Out-String }
    finally { $null = Stop-Transcript }
    if ($everything.Contains($Canary)) { '30: it is in a stream' }
    if ((Get-Content -LiteralPath $transcript -Raw).Contains($Canary)) { '30: it is in the transcript' }
    Get-ChildItem -LiteralPath $Folder -Recurse -File | Where-Object FullName -NE $transcript | Select-String -SimpleMatch $Canary -List | ForEach-Object { "30: it is in $($_.Path)" }
}

function Find-ImportTrouble {
    # 31, 32: an import loads the module's own assembly and no other, starts no process and writes nothing.
    param([Parameter(Mandatory)] [string] $Manifest, [Parameter(Mandatory)] [string] $Own)

    $userHome = Get-TestStore
    try {
        # PowerShell's own telemetry may load an HTTP client at any moment; what matters is what the import adds.
        $added = Invoke-FreshPowerShell "`$before = [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name
            Import-Module '$Manifest' -ErrorAction Stop -DisableNameChecking
            ([AppDomain]::CurrentDomain.GetAssemblies().GetName().Name.Where({ `$_ -notin `$before -and `$_ -notmatch '^(System\.|Microsoft\.(?!Extensions))' }) | Sort-Object) -join ','" -Environment @{ AGENTOPS_HOME = (Join-Path $userHome 'store'); POWERSHELL_TELEMETRY_OPTOUT = '1' }
        if ($added -cne $Own) { "31: it loads $added" }
        Get-ChildItem -LiteralPath $userHome -Force | ForEach-Object { "32: it writes $($_.Name)" }
    }
    finally {
        Remove-Item -LiteralPath $userHome -Recurse -Force
    }
}

function Find-ReimportTrouble {
    # 33: import, -Force, remove, import again.
    param([Parameter(Mandatory)] [string] $Manifest, [Parameter(Mandatory)] [string] $Command)

    $name = [IO.Path]::GetFileNameWithoutExtension($Manifest)
    try {
        $output = Invoke-FreshPowerShell "`$ErrorActionPreference = 'Stop'; Import-Module '$Manifest' -DisableNameChecking; Import-Module '$Manifest' -Force -DisableNameChecking; `$null = $Command; Remove-Module $name
            if (Get-Module $name) { throw 'still there' }
            Import-Module '$Manifest' -DisableNameChecking; `$null = $Command; 'clean'"
        if ($output -cne 'clean') { "33: $output" }
    }
    catch { "33: $_" }
}

function Find-PathTrouble {
    # 34: the module works where its path has spaces, brackets and letters beyond ASCII.
    param([Parameter(Mandatory)] [string] $Root, [Parameter(Mandatory)] [string[]] $Part, [Parameter(Mandatory)] [string] $Command)

    $folder = Get-TestStore
    try {
        foreach ($one in $Part) { Copy-Item -LiteralPath (Join-Path $Root $one) -Destination $folder -Recurse }
        $name = [Management.Automation.WildcardPattern]::Escape((Join-Path $folder ($Part -like '*.psd1'))) -replace "'", "''"
        $output = Invoke-FreshPowerShell "`$ErrorActionPreference = 'Stop'; Import-Module '$name' -DisableNameChecking; Set-Location -LiteralPath '$folder'; `$null = & { $Command }; 'works'"
        if ($output -cne 'works') { "34: $output" }
    }
    catch { "34: $_" }
    finally {
        Remove-Item -LiteralPath $folder -Recurse -Force
    }
}

function Find-LanguageTrouble {
    # 35: a caller in ConstrainedLanguage, under Set-StrictMode -Version Latest.
    param([Parameter(Mandatory)] [string] $Manifest, [Parameter(Mandatory)] [string] $Script, [Parameter(Mandatory)] [string] $Expected)

    try {
        $output = Invoke-FreshPowerShell "`$ErrorActionPreference = 'Stop'; Import-Module '$Manifest' -DisableNameChecking; Set-StrictMode -Version Latest; `$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; $Script"
        if ($output -cne $Expected) { "35: $output" }
    }
    catch { "35: $_" }
}

function Find-SharedState {
    # 36: eight thread jobs at once. The script gets a number and gives the same number back, from what it did.
    param([Parameter(Mandatory)] [string] $Script)

    $jobs = 1..8 | ForEach-Object { Start-ThreadJob -ThrottleLimit 8 -ScriptBlock ([scriptblock]::Create("param(`$number); `$ErrorActionPreference = 'Stop'; $Script")) -ArgumentList $_ }
    $results = foreach ($job in $jobs) { try { "$($job | Receive-Job -Wait -AutoRemoveJob)" } catch { "$_" } }
    foreach ($number in 1..8) { if ($results[$number - 1] -cne "$number") { "36: job $number gives '$($results[$number - 1])'" } }
}

function Find-CultureTrouble {
    # 37: the same output under tr-TR and de-DE as in no culture at all.
    param([Parameter(Mandatory)] [string] $Script)

    $plain = Invoke-FreshPowerShell "[cultureinfo]::CurrentCulture = [cultureinfo]::InvariantCulture; [cultureinfo]::CurrentUICulture = [cultureinfo]::InvariantCulture; $Script"
    if (-not $plain) { '37: it says nothing' }
    foreach ($culture in 'tr-TR', 'de-DE') {
        $there = Invoke-FreshPowerShell "[cultureinfo]::CurrentCulture = '$culture'; [cultureinfo]::CurrentUICulture = '$culture'; $Script"
        if ($there -cne $plain) { "37: under $culture it says '$there', not '$plain'" }
    }
}

function Get-Completion {
    param([string] $Text)
    (TabExpansion2 -inputScript $Text -cursorColumn $Text.Length).CompletionMatches
}

function Find-CompletionTrouble {
    # 40: something of our own within 200 ms, that can be put into a command as it is.
    param([Parameter(Mandatory)] [string] $Text)

    $null = Get-Completion $Text
    # It gives up rather than wait; where the machine is too busy to answer in time, it is asked again.
    $taken = [double]::MaxValue
    for ($attempt = 0; $attempt -lt 5; $attempt++) {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $found = @(Get-Completion $Text)
        $taken = [math]::Min($taken, $clock.Elapsed.TotalMilliseconds)
        if ($found -and $taken -lt 200) { break }
    }
    if (-not $found -or $found.ResultType -contains 'ProviderItem') { '40: it offers nothing of its own' }
    if ($taken -ge 200 + 1000 * (Get-Slack)) { "40: it takes $taken ms" }
    foreach ($match in $found | Where-Object ResultType -NE ProviderItem | Select-Object -First 20) {
        $problems = $null
        $tree = [System.Management.Automation.Language.Parser]::ParseInput("x $($match.CompletionText)", [ref] $null, [ref] $problems)
        $command = $tree.Find({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $false)
        if ($problems -or $command.CommandElements.Count -ne 2) { "40: '$($match.CompletionText)' is not one argument" }
    }
}
