BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    Initialize-ExampleWorkspace -Store $store

    # A receiver of OTLP over HTTP on the loopback; a runspace of its own keeps what comes.
    $received = [Collections.Concurrent.ConcurrentQueue[object]]::new()
    $listener = [Net.HttpListener]::new()
    foreach ($try in 1..20) {
        $address = "http://127.0.0.1:$(Get-Random -Minimum 20000 -Maximum 60000)/"
        try { $listener.Prefixes.Clear(); $listener.Prefixes.Add($address); $listener.Start(); break } catch { if ($try -eq 20) { throw } }
    }
    $receiver = [powershell]::Create().AddScript({
            param($listener, $received)
            while ($listener.IsListening) {
                try { $context = $listener.GetContext() } catch { break }
                $body = [IO.MemoryStream]::new()
                $context.Request.InputStream.CopyTo($body)
                $received.Enqueue([pscustomobject]@{ Path = $context.Request.Url.AbsolutePath; Text = [Text.Encoding]::Latin1.GetString($body.ToArray()) })
                $context.Response.ContentType = 'application/x-protobuf'
                $context.Response.Close()
            }
        }).AddArgument($listener).AddArgument($received)
    $null = $receiver.BeginInvoke()
    $asked = @{ OTEL_EXPORTER_OTLP_ENDPOINT = $address; OTEL_EXPORTER_OTLP_PROTOCOL = 'http/protobuf'; AGENTOPS_TEST_CANARY = 'canary-5b0d77e1' }
}

AfterAll {
    $listener.Stop()
    $receiver.Dispose()
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Telemetry' {
    It 'sends spans and metrics from PowerShell when the environment asks for it, from the module''s own load context, and no secret' {
        $contexts = Invoke-FreshPowerShell "`$ErrorActionPreference = 'Stop'; Import-Module '$ManifestPath'
            `$null = Connect-AgentOps -Store '$store'
            `$null = Invoke-AgentOpsAgent host-watch 'Look after this host: canary-5b0d77e1'
            `$null = Register-AgentOpsProvider -Name keyed -Kind openai -Uri http://127.0.0.1:9/v1 -ApiKeyVariable AGENTOPS_TEST_CANARY
            Set-AgentOpsRoute -Name keyed -Target keyed/model
            `$null = New-AgentOpsAgent -Name keyed -Route keyed
            `$null = Invoke-AgentOpsAgent keyed hello -OperationTimeoutSeconds 5 -ErrorAction SilentlyContinue
            Disconnect-AgentOps
            ([AppDomain]::CurrentDomain.GetAssemblies().Where({ `$_.GetName().Name -like 'OpenTelemetry*' }) |
                ForEach-Object { [Runtime.Loader.AssemblyLoadContext]::GetLoadContext(`$_).Name } | Sort-Object -Unique) -join ','" -Environment $asked
        $contexts | Should -BeExactly 'AgentOps'
        $spans = ($received.ToArray() | Where-Object Path -EQ '/v1/traces').Text -join ''
        foreach ($expected in 'invoke_agent host-watch', 'chat operator-1', 'execute_tool Get-HostUptime', 'agentops.tool.refused', 'host-watch/look') { $spans | Should -Match ([regex]::Escape($expected)) }
        $metrics = ($received.ToArray() | Where-Object Path -EQ '/v1/metrics').Text -join ''
        foreach ($expected in 'gen_ai.client.token.usage', 'gen_ai.client.operation.duration', 'agentops.decisions', 'agentops.spend') { $metrics | Should -Match ([regex]::Escape($expected)) }
        $spans + $metrics | Should -Not -Match 'canary'
    }

    It 'sends the same from the helper' {
        $helper = Get-ChildItem -LiteralPath (Join-Path $RepositoryRoot 'module/bin/native') -Recurse -File | Where-Object BaseName -EQ agentops | Select-Object -First 1
        $received.Clear()
        $output = Invoke-FreshPowerShell "& '$($helper.FullName)' run '$RepositoryRoot/module/quickstart/workspace.yaml' --prompt go --store '$(Join-Path $store helper)' 2>&1 | Out-Null; `$LASTEXITCODE" -Environment $asked
        $output | Should -Be 0
        ($received.ToArray() | Where-Object Path -EQ '/v1/traces').Text -join '' | Should -Match 'invoke_agent host-watch'
    }

    It 'loads nothing of OpenTelemetry where nobody asks, and ends as soon where the collector does not answer' {
        $script = "`$ErrorActionPreference = 'Stop'; Import-Module '$ManifestPath'
            `$null = Connect-AgentOps -Store '$store'
            (Invoke-AgentOpsAgent host-watch 'Look after this host.').Status
            [AppDomain]::CurrentDomain.GetAssemblies().Where({ `$_.GetName().Name -like 'OpenTelemetry*' }).Count"
        Invoke-FreshPowerShell $script | Should -BeExactly ("Completed", "0" -join [Environment]::NewLine)
        Invoke-FreshPowerShell $script -Environment @{ OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:9'; OTEL_EXPORTER_OTLP_PROTOCOL = 'http/protobuf' } -TimeoutSeconds 60 | Should -BeLike 'Completed*'
    }
}
