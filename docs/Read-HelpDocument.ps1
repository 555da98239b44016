function Read-HelpDocument {
    <#
    .SYNOPSIS
        Reads one cmdlet's Markdown help: sections by heading, examples and parameters by subheading.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [string] $LiteralPath
    )

    $text = (Get-Content -LiteralPath $LiteralPath -Raw) -replace '\r\n', "`n"
    $sections = @{}
    foreach ($part in [regex]::Split($text, '(?m)^## ') | Select-Object -Skip 1) {
        $heading, $body = $part -split "`n", 2
        $sections[$heading.Trim()] = "$body".Trim()
    }

    $section = { param($name) if ($sections.ContainsKey($name)) { $sections[$name] } else { '' } }
    $parameters = [ordered]@{}
    foreach ($part in [regex]::Split((& $section 'PARAMETERS'), '(?m)^### -') | Select-Object -Skip 1) {
        $name, $body = $part -split "`n", 2
        $parameters[$name.Trim()] = "$body".Trim()
    }

    $examples = foreach ($part in [regex]::Split((& $section 'EXAMPLES'), '(?m)^### ') | Select-Object -Skip 1) {
        $title, $body = $part -split "`n", 2
        $match = [regex]::Match("$body", '(?s)```powershell\n(?<code>.*?)\n```(?<rest>.*)')
        [pscustomobject]@{
            Title   = $title.Trim()
            Code    = $match.Groups['code'].Value
            Remarks = ($match.Groups['rest'].Value -replace '```\w*', '').Trim()
        }
    }

    [pscustomobject]@{
        Title       = [regex]::Match($text, '(?m)^# (.+)$').Groups[1].Value.Trim()
        Synopsis    = & $section 'SYNOPSIS'
        Description = & $section 'DESCRIPTION'
        Parameters  = $parameters
        Examples    = @($examples)
        Links       = @([regex]::Matches((& $section 'RELATED LINKS'), '\[([^\]]+)\]').ForEach({ $_.Groups[1].Value }))
    }
}
