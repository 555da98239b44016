# Secrets of every kind go through everything that a workspace does; then all that came out is searched for them, in every spelling.

BeforeDiscovery {
    $canRun = -not $IsWindows
}

BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')

    # With what JSON, addresses and shells write in another way.
    $canaries = [ordered]@{
        AGENTOPS_CANARY_PROVIDER = 'cAnary-provider+/"<7f3a>&52c1='
        AGENTOPS_CANARY_TOOL     = 'cAnary-tool+/"<81bd>&99e0='
        AGENTOPS_CANARY_HOOK     = 'cAnary-hook+/"<c4d2>&17aa='
        AGENTOPS_CANARY_SERVER   = 'cAnary-server+/"<e5f6>&3b8c='
    }

    function Get-Spelling {
        # A secret as it is and as it looks in JSON, in JSON within JSON, in an address, in Base64 wherever it stands, and in hexadecimal digits.
        param([Parameter(Mandatory)] [string] $Secret)

        $bytes = [Text.Encoding]::UTF8.GetBytes($Secret)
        $json = [Text.Encodings.Web.JavaScriptEncoder]::Default.Encode($Secret), [Text.Encodings.Web.JavaScriptEncoder]::UnsafeRelaxedJsonEscaping.Encode($Secret)
        $Secret, [Uri]::EscapeDataString($Secret), [Convert]::ToHexString($bytes), [Convert]::ToHexStringLower($bytes)
        $json
        $json | ForEach-Object { [Text.Encodings.Web.JavaScriptEncoder]::Default.Encode($_) }
        foreach ($before in 0..2) {
            $letters = [Convert]::ToBase64String([byte[]]::new($before) + $bytes)
            $from = [math]::Ceiling($before * 8 / 6)
            $letters.Substring($from, [math]::Floor(($before + $bytes.Length) * 8 / 6) - $from)
        }
    }

    function Find-Secret {
        # The places where a secret stands, in text or in the bytes of files.
        param([Parameter(Mandatory)] [string[]] $Secret, [Parameter(Mandatory)] [string[]] $Path)

        $spellings = $Secret | ForEach-Object { Get-Spelling $_ } | Select-Object -Unique
        foreach ($file in Get-ChildItem -LiteralPath $Path -Recurse -File) {
            $text = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($file.FullName))
            foreach ($spelling in $spellings) {
                if ($text.Contains($spelling)) { "$($file.Name): $spelling" }
            }
        }
    }

    $server = {
        # A service that repeats what it was told in confidence, in every answer it gives.
        param([int] $Port, [string] $Seen)

        $listener = [Net.HttpListener]::new()
        $listener.Prefixes.Add("http://127.0.0.1:$Port/")
        $listener.Start()
        $asked = 0
        while ($listener.IsListening) {
            $context = $listener.GetContext()
            if ($context.Request.Url.AbsolutePath -eq '/end') { $context.Response.Close(); $listener.Stop(); return }
            $told = $context.Request.Headers['Authorization']
            Add-Content -LiteralPath $Seen -Value "$($context.Request.Url.AbsolutePath) $told"
            $secret = $told -replace '^Bearer ', ''
            $status = 200
            $body = switch ($context.Request.Url.AbsolutePath) {
                '/v1/chat/completions' {
                    $asked++
                    if ($asked -gt 5) {
                        $status = 401
                        @{ error = @{ message = "the key $secret is bad"; type = 'invalid_request_error' } } | ConvertTo-Json -Compress
                    }
                    else {
                        $message = @{ role = 'assistant'; content = "your key is $secret" }
                        $finish = 'stop'
                        $tool = @('Get-Order', 'Get-Profile', 'Show-Secret', 'Stop-Badly')[$asked - 1]
                        if ($tool) {
                            $message.tool_calls = @(@{ index = 0; id = "call_$asked"; type = 'function'; function = @{ name = $tool; arguments = (@{ Note = "key=$secret" } | ConvertTo-Json -Compress) } })
                            $finish = 'tool_calls'
                        }
                        $chunk = @{ choices = @(@{ index = 0; delta = $message; finish_reason = $finish }) } | ConvertTo-Json -Depth 9 -Compress
                        $context.Response.ContentType = 'text/event-stream'
                        "data: $chunk`n`ndata: [DONE]`n`n"
                    }
                }
                '/hook' { $status = 500; "I was told $told" }
                default { "you said $told, which is $([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("x $told"))) and $([Uri]::EscapeDataString($told))" }
            }
            $bytes = [Text.Encoding]::UTF8.GetBytes($body)
            $context.Response.StatusCode = $status
            $context.Response.OutputStream.Write($bytes, 0, $bytes.Length)
            $context.Response.Close()
        }
    }

    $workload = {
        $ErrorActionPreference = 'Continue'
        $VerbosePreference = $DebugPreference = $InformationPreference = $WarningPreference = $ProgressPreference = 'Continue'
        Import-Module $env:CANARY_MODULE
        $out = $env:CANARY_OUT
        $null = Start-Transcript -LiteralPath "$out/transcript.txt"
        & {
            Connect-AgentOps -Store $env:CANARY_STORE
            Import-AgentOpsConfiguration -LiteralPath "$out/workspace.yaml"
            $null = Register-AgentOpsTool -Name broken -Mcp sh, -c, 'echo "the token is $TOKEN" >&2; exit 1' -Environment @{ TOKEN = 'env:AGENTOPS_CANARY_SERVER' } -Isolation Process
            Get-AgentOpsProvider | Format-List *
            Get-AgentOpsTool | Format-List *
            $waiting = Invoke-AgentOpsAgent talker 'Tell me the keys.' -NoWait -Stream
            $waiting
            $session = $waiting[-1].Session
            Get-AgentOpsRequest -State Pending | Approve-AgentOpsRequest
            Resume-AgentOpsSession -Id $session -Stream
            Invoke-AgentOpsAgent talker 'And again.' -OperationTimeoutSeconds 20
            Test-AgentOpsProvider echo
            Get-AgentOpsSession | Format-List *
            Get-AgentOpsSession | ForEach-Object { Get-AgentOpsSession $_.Id -Explain | Format-List * }
            Get-AgentOpsRequest | Format-List *
            Get-AgentOpsAudit | Format-List *
            foreach ($format in (Get-Command Export-AgentOpsLedger).Parameters.Format.ParameterType.GetEnumNames()) {
                Export-AgentOpsLedger -LiteralPath "$out/export.$format" -Format $format
            }
            Export-AgentOpsConfiguration -LiteralPath "$out/again.yaml"
            Export-AgentOpsIdentity -LiteralPath "$out/jwks.json"
            Measure-AgentOpsUsage | Export-AgentOpsReport -LiteralPath "$out/report.html"
            Backup-AgentOpsStore -LiteralPath "$out/backup.zip"
            [IO.Compression.ZipFile]::ExtractToDirectory("$out/backup.zip", "$out/backup")
            Test-AgentOpsLedger -Detailed | Format-List *
            Get-Error -Newest 20
            $Error | Format-List * -Force
            $Error | ForEach-Object { if ($_ -is [Management.Automation.ErrorRecord]) { $_.Exception.ToString(); $_.ErrorDetails; $_.TargetObject } else { $_.ToString() } }
        } *>&1 | Out-String -Width 4096 | Set-Content -LiteralPath "$out/streams.txt"
        $null = Stop-Transcript
    }
}

Describe 'A canary' {
    It 'comes out nowhere: no stream, transcript, ledger, payload, export, report, backup, error or helper (30)' -Skip:(-not $canRun) {
        $root = [IO.Directory]::CreateTempSubdirectory('agentops-canary-').FullName
        $out = (New-Item -ItemType Directory -Path (Join-Path $root 'out')).FullName
        $store = Join-Path $root 'store'
        $seen = Join-Path $root 'seen.txt'
        $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $probe.Start(); $port = $probe.LocalEndpoint.Port; $probe.Stop()
        $job = Start-ThreadJob -ScriptBlock $server -ArgumentList $port, $seen
        try {
            @"
apiVersion: agentops/v1
kind: Provider
name: echo
protocol: openai
uri: http://127.0.0.1:$port/v1
secret: env:AGENTOPS_CANARY_PROVIDER
---
apiVersion: agentops/v1
kind: Route
name: echo
targets: [{provider: echo, model: m}]
---
apiVersion: agentops/v1
kind: Notifier
name: hook
webhook: http://127.0.0.1:$port/hook
secret: env:AGENTOPS_CANARY_HOOK
---
apiVersion: agentops/v1
kind: Tool
name: Get-Order
http:
  uri: http://127.0.0.1:$port/order
  allowPrivateNetwork: true
  credentials: [{secret: 'env:AGENTOPS_CANARY_TOOL', scheme: bearer}]
parameters: {Note: {type: string}}
sideEffect: none
---
apiVersion: agentops/v1
kind: Tool
name: Get-Profile
http: {uri: 'http://127.0.0.1:$port/profile', allowPrivateNetwork: true, identity: true}
parameters: {Note: {type: string}}
sideEffect: none
---
apiVersion: agentops/v1
kind: Tool
name: Show-Secret
process: {command: [cat, '$root/secret.txt']}
isolation: {level: process}
parameters: {Note: {type: string}}
sideEffect: none
---
apiVersion: agentops/v1
kind: Tool
name: Stop-Badly
process: {command: [sh, -c, 'cat "`$0" >&2; exit 3', '$root/secret.txt']}
isolation: {level: process}
parameters: {Note: {type: string}}
sideEffect: irreversible
---
apiVersion: agentops/v1
kind: Agent
name: talker
route: echo
tools: [Get-Order, Get-Profile, Show-Secret, Stop-Badly]
---
apiVersion: agentops/v1
kind: AgentPolicy
name: talker
subjects: {agents: [talker]}
rules:
- {id: all, effect: permit, resources: ['tool:Get-Order', 'tool:Get-Profile', 'tool:Show-Secret', 'tool:Stop-Badly', 'net:127.0.0.1']}
- {id: ask, effect: require, resources: ['tool:Stop-Badly'], obligations: [approval: {quorum: 1, notRequester: false, timeout: PT5M}]}
"@ | Set-Content -LiteralPath (Join-Path $out 'workspace.yaml')
            # What a process has not used yet it can't know for a secret: the webhook's is told only later.
            $canaries.AGENTOPS_CANARY_PROVIDER, $canaries.AGENTOPS_CANARY_TOOL, $canaries.AGENTOPS_CANARY_SERVER | Set-Content -LiteralPath (Join-Path $root 'secret.txt')
            $environment = @{ CANARY_MODULE = $ManifestPath; CANARY_OUT = $out; CANARY_STORE = $store }
            foreach ($name in $canaries.Keys) { $environment[$name] = $canaries[$name] }

            foreach ($name in $environment.Keys) { Set-Item "Env:$name" $environment[$name] }
            Set-Content -LiteralPath (Join-Path $root 'work.ps1') -Value $workload.ToString()
            & ([Environment]::ProcessPath) -NoLogo -NoProfile -NonInteractive -File (Join-Path $root 'work.ps1') *> (Join-Path $out 'console.txt')

            $helper = Get-ChildItem -Path (Join-Path $RepositoryRoot 'module/bin/native/*/agentops') -ErrorAction Ignore | Select-Object -First 1
            if ($helper) {
                & $helper.FullName run (Join-Path $out 'workspace.yaml') --agent talker --prompt 'Once more.' --store (Join-Path $root 'helper-store') *> (Join-Path $out 'helper.txt')
            }

            # What the service was told is what must not come out: the secrets, and the tokens that agents were given.
            $told = Get-Content -LiteralPath $seen
            $tokens = @($told | Where-Object { $_ -like '/profile Bearer *' } | ForEach-Object { ($_ -split ' ')[2] } | Select-Object -Unique)
            foreach ($path in '/v1/chat/completions', '/order', '/profile', '/hook') { $told -match "^$path Bearer " | Should -Not -BeNullOrEmpty -Because "the secret of $path was sent" }
            $tokens.Count | Should -BeGreaterThan 0

            # The secrets came as far as the streams, or the silence would prove nothing.
            $streams = Get-Content -LiteralPath (Join-Path $out 'streams.txt') -Raw
            ($streams -match 'your key is \[redacted\]') | Should -BeExactly $true -Because 'the model repeated the key'
            ($streams -match 'the token is \[redacted\]') | Should -BeExactly $true -Because 'the server complained with its token'
            (Get-Item -LiteralPath (Join-Path $out 'report.html'), (Join-Path $out 'backup')).Count | Should -Be 2
            (Get-ChildItem -LiteralPath $out -Filter 'export.*').Count | Should -BeGreaterThan 3

            $secrets = @($canaries.Values) + @($tokens) + @($tokens | ForEach-Object { $_.Split('.')[2] })
            Find-Secret -Secret $secrets -Path $out, $store | Should -BeNullOrEmpty
            $helperStore = Join-Path $root 'helper-store'
            if (Test-Path -LiteralPath $helperStore) { Find-Secret -Secret $secrets -Path $helperStore | Should -BeNullOrEmpty }
        }
        finally {
            # A job that waits for a request can't be stopped.
            $null = Invoke-WebRequest "http://127.0.0.1:$port/end" -TimeoutSec 5 -ErrorAction Ignore
            $job | Wait-Job -Timeout 5 | Remove-Job -Force
            foreach ($name in $environment.Keys) { Remove-Item "Env:$name" -ErrorAction Ignore }
            Remove-Item -LiteralPath $root -Recurse -Force
        }
    }

    It 'is found by the search in every spelling' {
        $folder = [IO.Directory]::CreateTempSubdirectory('agentops-canary-').FullName
        try {
            foreach ($text in Get-Spelling $canaries.AGENTOPS_CANARY_TOOL) {
                Set-Content -LiteralPath (Join-Path $folder 'one.txt') -Value "before $text after"
                Find-Secret -Secret $canaries.AGENTOPS_CANARY_TOOL -Path $folder | Should -Not -BeNullOrEmpty
            }
        }
        finally {
            Remove-Item -LiteralPath $folder -Recurse -Force
        }
    }
}
