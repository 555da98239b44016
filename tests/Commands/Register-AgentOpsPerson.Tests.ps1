BeforeAll {
    . (Join-Path $PSScriptRoot '../common.ps1')
    $store = Get-TestStore
    Initialize-ExampleWorkspace -Store $store
    $null = Connect-AgentOps -Store $store
    $private = Join-Path $store 'person.key'
    $public = Join-Path $store 'person.pem'
    $key = [Security.Cryptography.ECDsa]::Create([Security.Cryptography.ECCurve]::CreateFromFriendlyName('nistP256'))
    $key.ExportPkcs8PrivateKeyPem() | Set-Content -LiteralPath $private
    if (-not $IsWindows) { & chmod 600 $private }
    $key.ExportSubjectPublicKeyInfoPem() | Set-Content -LiteralPath $public
    $null = Register-AgentOpsTool -Name Send-Word -Program echo, '{Text}' -Parameter @{ Text = 'string' }
    Register-ScriptedAgent -Name sender -Tool Send-Word -Step @{ call = @{ tool = 'Send-Word'; arguments = @{ Text = 'hello' } } }, @{ say = 'done' }
    $null = Grant-AgentOpsPermission sender tool:Send-Word
    $null = Grant-AgentOpsPermission -Agent sender -Effect Require -Resource tool:Send-Word -Id ask -Obligation @{ approval = @{ quorum = 1; timeout = 'PT5M' } }
}

AfterAll {
    Disconnect-AgentOps
    $key.Dispose()
    Remove-Item -LiteralPath $store -Recurse -Force
}

Describe 'Register-AgentOpsPerson' {
    It 'refuses a private key, another kind of file, and a second name for one key' {
        { Register-AgentOpsPerson carol $private -ErrorAction Stop } | Should -Throw -ErrorId 'SigningKeyInvalid*'
        { Register-AgentOpsPerson carol (Join-Path $RepositoryRoot 'LICENSE') -ErrorAction Stop } | Should -Throw -ErrorId 'SigningKeyInvalid*'
        { Register-AgentOpsPerson carol (Join-Path $store 'none.pem') -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound*'
        $person = Register-AgentOpsPerson carol $public -Account os:carol
        $person.Account | Should -Be 'os:carol'
        { Register-AgentOpsPerson other $public -ErrorAction Stop } | Should -Throw -ErrorId 'PersonExists*'
        (Get-AgentOpsPerson car*).KeyId | Should -Be $person.KeyId
    }

    It 'lets the key approve, whoever runs the command' {
        $first = Invoke-AgentOpsAgent sender go -NoWait
        { Get-AgentOpsRequest -State Pending | Approve-AgentOpsRequest -ErrorAction Stop } | Should -Throw -ErrorId 'AnswerRefused*'
        if (-not $IsWindows) {
            & chmod 644 $private
            { Get-AgentOpsRequest -State Pending | Approve-AgentOpsRequest -KeyPath $private -ErrorAction Stop } | Should -Throw -ErrorId 'SigningKeyInvalid*'
            & chmod 600 $private
        }

        $answered = Get-AgentOpsRequest -State Pending | Approve-AgentOpsRequest -KeyPath $private
        $answered.Answer | Should -Match '^key:carol approved'
        (Resume-AgentOpsSession -Id $first.Session).ToolCalls | Should -Be 1
    }

    It 'takes what openssl signed, and nothing else' -Skip:(-not (Get-Command openssl -ErrorAction Ignore)) {
        $second = Invoke-AgentOpsAgent sender go -NoWait
        $request = Get-AgentOpsRequest -State Pending
        $text = Join-Path $store 'request.txt'
        [IO.File]::WriteAllText($text, $request.SigningText)
        $signature = openssl dgst -sha256 -sign $private $text | openssl base64 -A
        { Deny-AgentOpsRequest $request.Id -Signature $signature -ErrorAction Stop } | Should -Throw -ErrorId 'AnswerRefused*'
        { Approve-AgentOpsRequest $request.Id -Signature '***' -ErrorAction Stop } | Should -Throw -ErrorId 'SigningKeyInvalid*'
        (Approve-AgentOpsRequest $request.Id -Signature $signature).State | Should -Be 'Approved'
        Unregister-AgentOpsPerson CAROL
        (Resume-AgentOpsSession -Id $second.Session -NoWait).ToolCalls | Should -Be 0
        (Get-AgentOpsRequest $request.Id).State | Should -Be 'Burned'
        Get-AgentOpsPerson | Should -BeNullOrEmpty
        Test-AgentOpsLedger | Should -BeExactly $true
    }

    It 'leaves no private key in the store' {
        $secret = $key.ExportPkcs8PrivateKeyPem().Split("`n")[1].Substring(20)
        Get-ChildItem -LiteralPath $store -Recurse -File | Where-Object Name -NE 'person.key' | Select-String -SimpleMatch $secret | Should -BeNullOrEmpty
    }
}
