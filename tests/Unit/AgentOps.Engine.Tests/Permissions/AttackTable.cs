using System.Text.Json;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tests.Permissions;

/// <summary>
/// What an agent, a tool's output or a careless rule may try, each with the answer that is due. Refused: the call is not
/// bound. Invalid: the rules are not loaded. Otherwise the decision's outcome.
/// </summary>
public sealed class AttackTable
{
    private const string Pay = """
        - id: pay
          effect: permit
          resources: ['tool:Send-Payment']
          args:
            Payee: {type: string, in: [acme, globex, café]}
            Amount: {type: decimal, min: "0.01", max: "500.00"}
            InvoiceId: {type: string, pattern: 'INV-[0-9]{6}', optional: true}
            Count: {type: integer, max: 100, optional: true}
            Due: {type: date, max: 2026-12-01T00:00:00Z, optional: true}
            Tags: {type: array, items: {type: string, in: [a, b]}, maxItems: 2, optional: true}
        """;

    private const string Open = "- {id: open, effect: permit, resources: ['tool:Send-Payment']}\n";
    private const string NoArguments = "- {id: none, effect: permit, resources: ['tool:Send-Payment'], args: {}}\n";
    private const string NotEvil = Open + "- {id: not-evil, effect: forbid, resources: ['tool:Send-*'], args: {Payee: {type: string, in: [evil, café]}}}\n";
    private const string NotBig = Open + "- {id: not-big, effect: forbid, resources: ['tool:*'], args: {Amount: {type: decimal, min: \"500.01\"}}}\n";
    private const string NotTagged = Open + "- {id: not-tagged, effect: forbid, resources: ['tool:*'], args: {Tags: {type: array, items: {type: string, in: [x]}, optional: true}}}\n";
    private const string Clean = Open + "- {id: clean, effect: forbid, resources: ['tool:*'], when: [{fact: session.taint, anyOf: [untrusted]}]}\n";
    private const string NeedsClean = "- {id: p, effect: permit, resources: ['tool:Send-Payment'], when: [{fact: session.taint, noneOf: [untrusted]}]}\n";
    private const string NotSecret = Open + "- {id: s, effect: forbid, resources: ['tool:*'], when: [{fact: session.maxDataClass, gte: confidential}]}\n";
    private const string Pinned = "- {id: p, effect: permit, resources: ['tool:Send-Payment@sha256:0123456789abcdef']}\n";
    private const string PinnedForbid = Open + "- {id: f, effect: forbid, resources: ['tool:Send-Payment@sha256:0123456789abcdef']}\n";
    private const string Below = "- {id: p, effect: permit, resources: ['tool:Send-Payment'], args: {File: {type: path, root: ROOT}}}\n";
    private const string Seen = "- {id: p, effect: permit, resources: ['tool:Send-Payment'], when: [{history: {tool: Get-Invoice, within: PT1H, same: {InvoiceId: args.InvoiceId}}}]}\n";
    private const string Guarded = Open + "- {id: g, effect: require, resources: ['tool:Send-*'], args: {Amount: {type: decimal, min: \"100\"}}, obligations: [{approval: {quorum: 1}}]}\n";
    private const string Undoable = Open + "- {id: g, effect: require, resources: ['tool:*'], obligations: [{compensate: {tool: Undo, within: PT1H}}]}\n";
    private const string Limited = Open + "- {id: g, effect: require, resources: ['tool:*'], obligations: [{limit: {key: agent, sum: args.Amount, max: \"1000\", window: P1D}}]}\n";
    private const string DryFirst = Open + "- {id: g, effect: require, resources: ['tool:*'], obligations: [{dryRun: {within: PT10M}}]}\n";
    private const string NoHosts = Open + "- {id: n, effect: forbid, resources: ['net:*.example.org', 'data:hr/**', 'agent:*']}\n";

    private const string Tree = "- {id: t, effect: permit, resources: ['data:hr']}\n";
    private const string NotPay = Tree + "- {id: np, effect: forbid, resources: ['data:hr/pay']}\n";

    private static readonly DateTimeOffset Border = new(2026, 12, 31, 0, 0, 0, TimeSpan.Zero);

    private static readonly ToolParameter[] Parameters =
    [
        new("Payee", ParameterType.String), new("Amount", ParameterType.Decimal), new("InvoiceId", ParameterType.String), new("Count", ParameterType.Integer),
        new("Note", ParameterType.String) { Literals = LiteralRules.Command }, new("Force", ParameterType.Boolean), new("Due", ParameterType.Date),
        new("File", ParameterType.Path), new("Tags", ParameterType.ArrayOf(ParameterType.String)), new("Option", ParameterType.String) { Literals = LiteralRules.Process },
    ];

    public static TheoryData<string, string, string, string> Rows { get; } = new()
    {
        { "the honest call", Pay, """{"Payee":"acme","Amount":"100"}""", "Allow" },
        { "an empty set", "", """{}""", "Deny" },
        { "above the bound by a cent", Pay, """{"Payee":"acme","Amount":"500.01"}""", "Deny" },
        { "above the bound by the 26th digit", Pay, """{"Payee":"acme","Amount":"500.0000000000000000000000001"}""", "Deny" },
        { "a decimal too long to be exact", Pay, """{"Payee":"acme","Amount":"500.00000000000000000000000000000001"}""", "Refused" },
        { "a negative amount", Pay, """{"Payee":"acme","Amount":"-1"}""", "Deny" },
        { "minus zero", Pay, """{"Payee":"acme","Amount":"-0.00"}""", "Deny" },
        { "not a number", Pay, """{"Payee":"acme","Amount":"NaN"}""", "Refused" },
        { "infinity", Pay, """{"Payee":"acme","Amount":"Infinity"}""", "Refused" },
        { "an exponent", Pay, """{"Payee":"acme","Amount":1e2}""", "Refused" },
        { "hexadecimal digits", Pay, """{"Payee":"acme","Amount":"1","Count":"0x64"}""", "Refused" },
        { "a size suffix of PowerShell", Pay, """{"Payee":"acme","Amount":"1","Count":"1kb"}""", "Refused" },
        { "a fraction as a whole number", Pay, """{"Payee":"acme","Amount":"1","Count":1.0}""", "Refused" },
        { "a whole number beyond 64 bits", Pay, """{"Payee":"acme","Amount":"1","Count":9223372036854775808}""", "Refused" },
        { "a leading zero, octal elsewhere", Pay, """{"Payee":"acme","Amount":"1","Count":"010"}""", "Refused" },
        { "a German decimal comma", Pay, """{"Payee":"acme","Amount":"100,00"}""", "Refused" },
        { "a thousands separator", Pay, """{"Payee":"acme","Amount":"1,000"}""", "Refused" },
        { "Arabic digits", Pay, """{"Payee":"acme","Amount":"١٠٠"}""", "Refused" },
        { "full-width digits", Pay, """{"Payee":"acme","Amount":"１００"}""", "Refused" },
        { "spaces around a number", Pay, """{"Payee":"acme","Amount":" 100 "}""", "Refused" },
        { "a number as a truth value", Pay, """{"Payee":"acme","Amount":"1","Force":1}""", "Refused" },
        { "a text as a truth value", Pay, """{"Payee":"acme","Amount":"1","Force":"true"}""", "Refused" },
        { "an unlisted parameter of the tool", Pay, """{"Payee":"acme","Amount":"1","Force":true}""", "Deny" },
        { "a parameter that the tool does not have", Pay, """{"Payee":"acme","Amount":"1","Extra":1}""", "Refused" },
        { "a prefix of a name", Pay, """{"Pay":"acme","Amount":"1"}""", "Refused" },
        { "a switch in a name", Pay, """{"Payee":"acme","Amount":"1","-Confirm:$false":true}""", "Refused" },
        { "a common parameter", Open, """{"Confirm":false}""", "Refused" },
        { "WhatIf turned off", Open, """{"WhatIf":false}""", "Refused" },
        { "OutVariable", Open, """{"OutVariable":"x"}""", "Refused" },
        { "a name with a trailing space", Pay, """{"Payee ":"acme","Amount":"1"}""", "Refused" },
        { "a parameter given twice", Pay, """{"Payee":"acme","Payee":"evil","Amount":"1"}""", "Refused" },
        { "a parameter given twice in another casing", Pay, """{"Payee":"acme","PAYEE":"evil","Amount":"1"}""", "Refused" },
        { "another casing of a name is the same name", Pay, """{"payee":"acme","AMOUNT":"1"}""", "Allow" },
        { "another casing of a value is another value", Pay, """{"Payee":"ACME","Amount":"1"}""", "Deny" },
        { "a trailing newline against a list", Pay, """{"Payee":"acme\n","Amount":"1"}""", "Deny" },
        { "a trailing newline against a pattern", Pay, """{"Payee":"acme","Amount":"1","InvoiceId":"INV-000001\n"}""", "Deny" },
        { "a second line against a pattern", Pay, """{"Payee":"acme","Amount":"1","InvoiceId":"x\nINV-000001"}""", "Deny" },
        { "Arabic digits against a pattern", Pay, """{"Payee":"acme","Amount":"1","InvoiceId":"INV-٠٠٠٠٠١"}""", "Deny" },
        { "a null byte", Pay, """{"Payee":"acme\u0000evil","Amount":"1"}""", "Refused" },
        { "half a surrogate pair", Pay, """{"Payee":"\ud800","Amount":"1"}""", "Refused" },
        { "a Cyrillic look-alike of a permitted value", Pay, """{"Payee":"\u0430cme","Amount":"1"}""", "Deny" },
        { "the decomposed spelling of a permitted value", Pay, """{"Payee":"cafe\u0301","Amount":"1"}""", "Deny" },
        { "the decomposed spelling of a forbidden value", NotEvil, """{"Payee":"cafe\u0301"}""", "Deny" },
        { "an invisible character in a forbidden value", NotEvil, """{"Payee":"ev\u200bil"}""", "Deny" },
        { "a right-to-left override in a forbidden value", NotEvil, """{"Payee":"\u202eevil"}""", "Deny" },
        { "full-width letters of a forbidden value", NotEvil, """{"Payee":"ｅｖｉｌ"}""", "Deny" },
        { "a tested argument of a forbid left out", NotEvil, """{"Amount":"1"}""", "Deny" },
        { "null in place of a tested argument", NotEvil, """{"Payee":null}""", "Deny" },
        { "a forbid that does not match", NotEvil, """{"Payee":"acme"}""", "Allow" },
        { "a forbid on a bound", NotBig, """{"Amount":"500.01"}""", "Deny" },
        { "just below a forbidden bound", NotBig, """{"Amount":"500.00"}""", "Allow" },
        { "a list where one text is due", Pay, """{"Payee":["acme"],"Amount":"1"}""", "Refused" },
        { "an object where a text is due", Pay, """{"Payee":{"scriptblock":"Remove-Item"},"Amount":"1"}""", "Refused" },
        { "one bad item in a list", Pay, """{"Payee":"acme","Amount":"1","Tags":["a","evil"]}""", "Deny" },
        { "too long a list", Pay, """{"Payee":"acme","Amount":"1","Tags":["a","b","a"]}""", "Deny" },
        { "one forbidden item in a list", NotTagged, """{"Tags":["a","x"]}""", "Deny" },
        { "a wildcard in a literal", Open, """{"Note":"*"}""", "Refused" },
        { "a wildcard range in a literal", Open, """{"Note":"[a-z]"}""", "Refused" },
        { "a script block in a literal", Open, """{"Note":"{ Remove-Item / }"}""", "Refused" },
        { "a subexpression in a literal", Open, """{"Note":"$(Get-Secret)"}""", "Refused" },
        { "a splatted table in a literal", Open, """{"Note":"@{Force=1}"}""", "Refused" },
        { "an option of a program in a literal", Open, """{"Option":"--output=/etc/passwd"}""", "Refused" },
        { "an option behind an en dash", Open, """{"Option":"\u2013Force"}""", "Refused" },
        { "any argument where none is permitted", NoArguments, """{"Force":false}""", "Deny" },
        { "no argument where none is permitted", NoArguments, """{}""", "Allow" },
        { "arguments that are no object", Open, """["acme"]""", "Refused" },
        { "a time without zone", Pay, """{"Payee":"acme","Amount":"1","Due":"2026-11-30T00:00:00"}""", "Refused" },
        { "a time that only its zone brings in", Pay, """{"Payee":"acme","Amount":"1","Due":"2026-12-01T01:00:00+01:00"}""", "Allow" },
        { "a time past its bound through its zone", Pay, """{"Payee":"acme","Amount":"1","Due":"2026-11-30T23:30:00-01:00"}""", "Deny" },
        { "a parent folder in a path", Below, """{"File":"ROOT/../secret"}""", "Deny" },
        { "a sister folder with the same beginning", Below, """{"File":"ROOT-other/x"}""", "Deny" },
        { "a path below the root", Below, """{"File":"ROOT/x"}""", "Allow" },
        { "a link out of the root", Below, """{"File":"ROOT/link/passwd"}""", "Deny" },
        { "a relative path", Below, """{"File":"x"}""", "Deny" },
        { "a provider's path", Below, """{"File":"FileSystem::ROOT/x"}""", "Refused" },
        { "a home folder", Below, """{"File":"~/x"}""", "Refused" },
        { "a wildcard in a path", Below, """{"File":"ROOT/*"}""", "Refused" },
        { "a share", Below, """{"File":"//server/share"}""", "Refused" },
        { "a fact named as an argument", NeedsClean, """{"session.taint":[]}""", "Refused" },
        { "a fact that nobody states, in a permit", NeedsClean + "# no facts", "{}", "Deny" },
        { "a fact that nobody states, in a forbid", Clean + "# no facts", "{}", "Deny" },
        { "a fact of the wrong type, in a forbid", Clean + "# taint is a text", "{}", "Deny" },
        { "a fact that keeps the forbid away", Clean, "{}", "Allow" },
        { "a tainted session", Clean + "# tainted", "{}", "Deny" },
        { "a level that is not on the scale", NotSecret + "# class top", "{}", "Deny" },
        { "no history to ask", Seen + "# no history", """{"InvoiceId":"INV-000001"}""", "Deny" },
        { "a history that fails", Seen + "# history fails", """{"InvoiceId":"INV-000001"}""", "Deny" },
        { "history asked about an argument that is absent", Seen, "{}", "Deny" },
        { "history that bears it out", Seen, """{"InvoiceId":"INV-000001"}""", "Allow" },
        { "one tick before the end of validity", Pay + "# border-1", """{"Payee":"acme","Amount":"1"}""", "Allow" },
        { "the very end of validity", Pay + "# border", """{"Payee":"acme","Amount":"1"}""", "Deny" },
        { "another agent", Pay + "# agent other", """{"Payee":"acme","Amount":"1"}""", "Deny" },
        { "an agent whose name is a wildcard", Pay + "# agent *", """{"Payee":"acme","Amount":"1"}""", "Deny" },
        { "a group's name as an agent", Pay + "# agent group:clerks", """{"Payee":"acme","Amount":"1"}""", "Deny" },
        { "a tool whose name is a wildcard", Open + "# resource tool:Send-*", "{}", "Deny" },
        { "a tool with a look-alike in its name", Open + "# resource tool:Send-P\u0430yment", "{}", "Deny" },
        { "a tool with a zero-width space in its name", Open + "# resource tool:Send-Payment\u200b", "{}", "Deny" },
        { "another kind of the same name", Open + "# resource route:Send-Payment", "{}", "Deny" },
        { "a resource without kind", Open + "# resource Send-Payment", "{}", "Deny" },
        { "a tool whose schema changed", Pinned + "# digest other", "{}", "Deny" },
        { "a tool that shows no schema", Pinned, "{}", "Deny" },
        { "a forbid on a schema that the tool does not show", PinnedForbid, "{}", "Deny" },
        { "the schema that was pinned", Pinned + "# digest same", "{}", "Allow" },
        { "a require around its bound", Guarded, """{"Amount":"99.99"}""", "Allow" },
        { "a require at its bound", Guarded, """{"Amount":"100.00"}""", "Pending" },
        { "a require's argument left out", Guarded, "{}", "Deny" },
        { "what can't be undone where it must", Undoable, "{}", "Deny" },
        { "what can be undone", Undoable + "# undo Undo", "{}", "Allow" },
        { "a negative sum towards a limit", Limited, """{"Amount":"-5"}""", "Deny" },
        { "no sum towards a limit", Limited, "{}", "Deny" },
        { "no dry run before", DryFirst + "# no history", "{}", "Deny" },
        { "a host below a forbidden name in another casing", NoHosts + "# resource net:API.EXAMPLE.ORG", "{}", "Deny" },
        { "a host with a trailing dot", NoHosts + "# resource net:api.example.org.", "{}", "Deny" },
        { "data through a parent folder", NoHosts + "# resource data:public/../hr/pay", "{}", "Deny" },
        { "data below a permitted tree", NotPay + "# resource data:hr/people", "{}", "Allow" },
        { "data below a forbidden tree within it", NotPay + "# resource data:hr/pay/2026/march", "{}", "Deny" },
        { "another casing of a forbidden tree", NotPay + "# resource data:hr/PAY/march", "{}", "Deny" },
        { "another casing of a permitted tree", Tree + "# resource data:HR/people", "{}", "Deny" },
        { "data beside a permitted tree that begins like it", Tree + "# resource data:hr-old/people", "{}", "Deny" },
        { "data above a permitted tree", "- {id: t, effect: permit, resources: ['data:hr/people']}\n# resource data:hr", "{}", "Deny" },
        { "data with a wildcard in its name", Tree + "# resource data:hr/*", "{}", "Deny" },
        { "data with an empty segment", Tree + "# resource data:hr//pay", "{}", "Deny" },
        { "data with a backslash", Tree + "# resource data:hr\\..\\x", "{}", "Deny" },
        { "data with an invisible character", Tree + "# resource data:hr/p\u200bay", "{}", "Deny" },
        { "a route that nobody gave", "- {id: t, effect: permit, resources: ['route:cheap']}\n# resource route:frontier", "{}", "Deny" },
        { "an approval that no model call could wait for", "- {id: t, effect: require, resources: ['route:*'], obligations: [{approval: {quorum: 1}}]}\n", "{}", "Invalid" },
        { "a limit on the cost of a tool, which would count nothing", "- {id: t, effect: require, resources: ['tool:*'], obligations: [{limit: {key: agent, sum: cost, max: 1}}]}\n", "{}", "Invalid" },
        { "a require of a host, which nobody would ask for", "- {id: t, effect: require, resources: ['net:*'], obligations: [{limit: {key: agent, sum: calls, max: 1}}]}\n", "{}", "Invalid" },
        { "a permit by wildcard", "- {id: p, effect: permit, resources: ['tool:*']}\n", "{}", "Invalid" },
        { "a pattern that closes its frame", "- {id: p, effect: permit, resources: ['tool:A'], args: {X: {type: string, pattern: 'a)|(?:.*'}}}\n", "{}", "Invalid" },
        { "a pattern that looks back", "- {id: p, effect: forbid, resources: ['tool:A'], args: {X: {type: string, pattern: '(a)\\1'}}}\n", "{}", "Invalid" },
        { "a misspelt key that would have been dropped", "- {id: p, effect: forbid, resources: ['tool:A'], wen: []}\n", "{}", "Invalid" },
        { "a condition that can't be read", "- {id: p, effect: forbid, resources: ['tool:A'], when: [{fact: session.taint, contains: x}]}\n", "{}", "Invalid" },
        { "a fact that does not exist", "- {id: p, effect: forbid, resources: ['tool:A'], when: [{fact: sesion.taint, anyOf: [x]}]}\n", "{}", "Invalid" },
        { "a pin that can be forged", "- {id: p, effect: permit, resources: ['tool:A@sha256:ab12']}\n", "{}", "Invalid" },
        { "two rules of one id", Open + Open.Replace("permit", "forbid", StringComparison.Ordinal), "{}", "Invalid" },
        { "a set of which one rule is wrong", Open + "- {id: q, effect: allow, resources: ['tool:A']}\n", "{}", "Invalid" },
        { "an alias that unfolds", "- &a {id: p, effect: forbid, resources: ['tool:A']}\n- *a\n", "{}", "Invalid" },
        { "a decimal as a float", "- {id: p, effect: permit, resources: ['tool:A'], args: {X: {type: decimal, max: 0.1}}}\n", "{}", "Invalid" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Comes_out_as_due(string attack, string rules, string arguments, string expected)
    {
        Assert.NotEmpty(attack);
        var folder = Directory.CreateTempSubdirectory("agentops-attack-");
        try
        {
            var root = Directory.CreateDirectory(Path.Combine(folder.FullName, "root")).FullName;
            Directory.CreateDirectory(Path.Combine(folder.FullName, "root-other"));
            Directory.CreateSymbolicLink(Path.Combine(root, "link"), folder.FullName);
            Assert.Equal(expected, Outcome(rules.Replace("ROOT", root, StringComparison.Ordinal), arguments.Replace("ROOT", root, StringComparison.Ordinal)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Has_sixty_rows_or_more() => Assert.True(Rows.Count >= 60, $"{Rows.Count} rows");

    private static string Outcome(string rules, string arguments)
    {
        var split = rules.Split("# ", 2);
        var setting = split.Length == 2 ? split[1].Trim() : "";
        PolicySet set;
        try
        {
            set = Compile(split[0]);
        }
        catch (AgentOpsException exception) when (exception.Code.Id is "InvalidConfiguration" or "InvalidPolicy")
        {
            return "Invalid";
        }

        using var json = JsonDocument.Parse(arguments);
        var bound = ArgumentBinder.Bind(Parameters, json.RootElement);
        return bound.IsBound ? set.Decide(Request(bound.Arguments, setting)).Outcome.ToString() : "Refused";
    }

    private static PolicySet Compile(string rules)
    {
        var yaml = $"apiVersion: agentops/v1\nkind: AgentPolicy\nname: p\nsubjects: {{agents: [clerk, 'group:clerks']}}\nvalidity: {{notAfter: {Border:yyyy-MM-ddTHH:mm:ssZ}}}\nrules:\n"
            + (rules.Length == 0 ? "  []\n" : rules);
        var documents = new YamlDocumentReader([new AgentPolicyParser()]).Read(yaml, "attack.yaml");
        return PolicySet.Compile([.. documents.SelectMany(document => ((AgentPolicy)document.Value).Rules)],
            new PolicyContext { Groups = [new PolicyGroup("clerks", ["clara"])] });
    }

    private static AuthorizationRequest Request(BoundArguments arguments, string setting) => new()
    {
        Agent = setting.StartsWith("agent ", StringComparison.Ordinal) ? setting[6..] : "clerk",
        Resource = setting.StartsWith("resource ", StringComparison.Ordinal) ? setting[9..] : "tool:Send-Payment",
        SchemaDigest = setting switch
        {
            "digest other" => "sha256:" + new string('f', 64),
            "digest same" => "sha256:0123456789abcdef" + new string('f', 48),
            _ => null,
        },
        Arguments = arguments,
        CompensationTool = setting.StartsWith("undo ", StringComparison.Ordinal) ? setting[5..] : null,
        Facts = new FactSnapshot(setting == "no facts" ? [] :
        [
            new("session.taint", setting == "taint is a text" ? ArgumentValue.From("untrusted")
                : ArgumentValue.FromArray(setting == "tainted" ? [ArgumentValue.From("untrusted")] : [])),
            new("session.maxDataClass", ArgumentValue.From(setting == "class top" ? "top" : "public")),
        ]),
        History = setting switch { "no history" => null, "history fails" => new CaseHistoryOf(-1), _ => new CaseHistoryOf(1) },
        Now = setting switch { "border" => Border, "border-1" => Border.AddTicks(-1), _ => Border.AddDays(-30) },
    };

    private sealed class CaseHistoryOf(int count) : IHistorySource
    {
        public int Count(in HistoryQuery query) => count < 0 ? throw new IOException("The store is away.") : count;
    }
}
