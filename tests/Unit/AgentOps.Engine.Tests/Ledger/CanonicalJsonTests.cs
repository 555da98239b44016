using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace AgentOps.Engine.Tests.Ledger;

public sealed class CanonicalJsonTests
{
    [Fact]
    public void Members_are_sorted_by_their_utf16_code_units()
    {
        // RFC 8785, section 3.2.3.
        var text = """{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew","1":"One","\ud83d\ude00":"Emoji","\u0080":"Control","\u00f6":"Latin"}""";
        var names = JsonNode.Parse(Canonicalize(text))!.AsObject().Select(member => (string)member.Value!);
        Assert.Equal(["Carriage Return", "One", "Control", "Latin", "Euro Sign", "Emoji", "Hebrew"], names);
    }

    [Fact]
    public void Strings_have_the_shortest_escapes() => Assert.Equal(
        """["\u0000\b\t\n\u000b\f\r\u001f\"\\/€😀"]""",
        Canonicalize("""["\u0000\b\t\n\u000b\f\r\u001f\"\\\/\u20ac\ud83d\ude00"]"""));

    [Theory]
    [InlineData("[1.0]")]
    [InlineData("[1e3]")]
    [InlineData("[0.1]")]
    [InlineData("[9007199254740992]")]
    [InlineData("[-9007199254740992]")]
    [InlineData("[\"\\ud800\"]")]
    [InlineData("{\"a\":1,\"a\":2}")]
    public void What_has_no_canonical_form_is_refused(string text)
    {
        var exception = Assert.Throws<AgentOpsException>(() => Canonicalize(text));
        Assert.Same(ErrorCodes.LedgerValueInvalid, exception.Code);
    }

    [Fact]
    public void Canonical_text_means_the_same_and_is_its_own_canonical_form() => Prop.ForAll(
        ArbMap.Default.ArbFor<string[]>(),
        names =>
        {
            var node = new JsonObject();
            foreach (var name in names.Where(name => name is not null && IsText(name)))
            {
                node[name] = new JsonArray(name.Length, name, name.Length % 2 == 0, null);
            }

            var canonical = Canonicalize(node.ToJsonString());
            return JsonNode.DeepEquals(node, JsonNode.Parse(canonical)) && Canonicalize(canonical) == canonical;
        }).QuickCheckThrowOnFailure();

    private static bool IsText(string text) => text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar);

    private static string Canonicalize(string text)
    {
        using var document = JsonDocument.Parse(text);
        var buffer = new ByteBuffer();
        CanonicalJson.Write(document.RootElement, null, buffer);
        return Encoding.UTF8.GetString(buffer.Span);
    }
}
