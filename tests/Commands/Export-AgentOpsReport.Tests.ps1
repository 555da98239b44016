BeforeDiscovery {
    $hasBrowser = [bool] (Get-Command chromium, chromium-browser, google-chrome -CommandType Application -ErrorAction Ignore)
}

BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $browser = (Get-Command chromium, chromium-browser, google-chrome -CommandType Application -ErrorAction Ignore | Select-Object -First 1)?.Source
    $store = Get-TestStore
    $null = Connect-AgentOps -Store $store
    foreach ($name in 'first', 'second') {
        $null = Register-AgentOpsProvider $name simulated -Option @{ scenario = @{ latency = @{ firstTokenMs = 3; perTokenMs = 1 }; steps = @(@{ say = 'one two three'; repeat = $true; usage = @{ input = 50; output = 9 } }) } }
    }
    Set-AgentOpsRoute pair -Target first/m, second/m -InputPrice 1 -OutputPrice 2
    $hostile = '<img src=x onerror=document.title=1>'
    $null = 'a', 'b' | Invoke-AgentOpsRoute pair -Task $hostile
    $measured = Measure-AgentOpsRoute pair -Count 20 -RequestRate 200 -WarningAction SilentlyContinue
    $samples = Join-Path $store 'samples.jsonl'
    $null = Measure-AgentOpsRoute pair -Count 20 -RequestRate 200 -QuestionCount 0 -OutFile $samples
    $file = Join-Path $store 'report [1].html'

    function Invoke-Browser {
        # Runs the browser without a window on the report, in a folder of its own; gives what it writes.
        param([Parameter(Mandatory)] [string[]] $Argument)

        $data = Join-Path ([IO.Path]::GetTempPath()) "agentops-browser-$([guid]::NewGuid().ToString('n'))"
        $page = Join-Path ([IO.Path]::GetTempPath()) "agentops-report-$([guid]::NewGuid().ToString('n')).html"
        Copy-Item -LiteralPath $file -Destination $page
        try {
            $all = '--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', "--user-data-dir=$data"
            $start = [Diagnostics.ProcessStartInfo]::new($browser)
            foreach ($one in $all + $Argument + "file://$page") { $start.ArgumentList.Add($one) }
            $start.RedirectStandardOutput = $true
            $start.RedirectStandardError = $true
            $process = [Diagnostics.Process]::Start($start)
            $output = $process.StandardOutput.ReadToEndAsync()
            $null = $process.StandardError.ReadToEndAsync()
            if (-not $process.WaitForExit(60000)) {
                $process.Kill($true)
                throw 'The browser did not end.'
            }
            $output.Result
        }
        finally {
            Remove-Item -LiteralPath $data, $page -Recurse -Force -ErrorAction Ignore
        }
    }
}

AfterAll {
    Disconnect-AgentOps
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Export-AgentOpsReport' {
    It 'writes one file with a section for everything that it is given' {
        $written = @($measured) + @(Measure-AgentOpsUsage -By Task) + @(Resolve-AgentOpsRoute pair hello) + @(Get-AgentOpsProvider) | Export-AgentOpsReport $file -Title 'Two & two'
        $written | Should -BeOfType IO.FileInfo
        $html = [IO.File]::ReadAllText($file)
        foreach ($section in 'Measured targets', 'Time to the first token: distribution', 'Output tokens a second over time', 'Cost against quality', 'Route pair: candidates', 'Spend by task', 'Provider') {
            $html | Should -BeLike "*>$section</h2>*"
        }
        $html | Should -Not -Match '<img|<script'
    }

    It 'makes a report of kept samples' {
        $other = Join-Path $store 'samples.html'
        $null = Export-AgentOpsReport $other -SampleFile $samples
        [IO.File]::ReadAllText($other) | Should -BeLike '*Time to the end of the answer: distribution*'
    }

    It 'refuses an empty report, and to replace a file where it must not' {
        { Export-AgentOpsReport (Join-Path $store 'none.html') -ErrorAction Stop } | Should -Throw -ErrorId 'ReportEmpty,*'
        { $measured | Export-AgentOpsReport $file -NoClobber -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
        Join-Path $store 'none.html' | Should -Not -Exist
    }

    It 'shows its data in a real browser, and runs nothing from outside' -Skip:(-not $hasBrowser) {
        $null = @($measured) + @(Measure-AgentOpsUsage -By Task) | Export-AgentOpsReport $file -Title 'Two & two'
        $dom = Invoke-Browser -Argument '--dump-dom'
        $dom | Should -BeLike '*<title>Two &amp; two</title>*'
        ([regex]::Matches($dom, '<svg viewBox[^>]+role="img"')).Count | Should -BeGreaterOrEqual 4
        $cells = [regex]::Matches($dom, '<th scope="row">first/m</th><td>Open</td><td class="n">(\d+)</td>')
        $cells[0].Groups[1].Value | Should -Be '20'
        $dom | Should -BeLike '*&lt;img src=x onerror=document.title=1&gt;*'
    }

    It 'is painted light and dark' -Skip:(-not $hasBrowser) {
        $null = $measured | Export-AgentOpsReport $file
        $sizes = foreach ($scheme in 1, 0) {
            $picture = Join-Path ([IO.Path]::GetTempPath()) "agentops-$([guid]::NewGuid().ToString('n')).png"
            $null = Invoke-Browser -Argument "--blink-settings=preferredColorScheme=$scheme", '--window-size=400,60', "--screenshot=$picture"
            $bytes = [IO.File]::ReadAllBytes($picture)
            Remove-Item -LiteralPath $picture
            [Text.Encoding]::Latin1.GetString($bytes, 1, 3) | Should -Be 'PNG'
            [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($bytes))
        }
        $sizes[0] | Should -Not -Be $sizes[1]
    }
}
