using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>Each keyword of JSON Schema 2020-12 that is checked, with a value that fits and one that does not.</summary>
public sealed class AnswerSchemaTests
{
    public static TheoryData<string, string, string, string> Keywords => new()
    {
        { """{"type":"object"}""", "{}", "[]", "the answer is array, not object" },
        { """{"type":["string","null"]}""", "null", "1", "not string or null" },
        { """{"type":"integer"}""", "1.0", "1.5", "not integer" },
        { """{"type":"number"}""", "1e400", "\"1\"", "not number" },
        { """{"enum":[1,"a",{"b":[null]}]}""", """{"b":[null]}""", """{"b":[]}""", "is none of" },
        { """{"const":1.0}""", "1", "2", "is none of" },
        { """{"minimum":2}""", "2", "1.99", "is below 2" },
        { """{"maximum":2}""", "2", "2.01", "is above 2" },
        { """{"exclusiveMinimum":2}""", "2.01", "2", "is not above 2" },
        { """{"exclusiveMaximum":2}""", "1.99", "2", "is not below 2" },
        { """{"multipleOf":0.01}""", "19.99", "19.999", "is no multiple of 0.01" },
        { """{"maxLength":2}""", "\"😀é\"", "\"abc\"", "more characters than 2" },
        { """{"minLength":2}""", "\"ab\"", "\"😀\"", "fewer characters than 2" },
        { """{"pattern":"b+c$"}""", "\"abbc\"", "\"abcd\"", "does not match" },
        { """{"minItems":1,"maxItems":2}""", "[1]", "[1,2,3]", "more items than 2" },
        { """{"uniqueItems":true}""", "[1,\"1\",[1]]", "[1,2,1.0]", "/2 is there twice" },
        { """{"items":{"type":"integer"}}""", "[1,2]", "[1,\"2\"]", "/1 is string" },
        { """{"prefixItems":[{"type":"string"}],"items":false}""", "[\"a\"]", "[\"a\",1]", "/1 is not permitted here" },
        { """{"properties":{"a/b":{"type":"string"}},"additionalProperties":false}""", """{"a/b":"x"}""", """{"a/b":1,"c":2}""", "/a~1b is number, not string; /c is not permitted here" },
        { """{"additionalProperties":{"type":"integer"}}""", """{"a":1}""", """{"a":"1"}""", "/a is string" },
        { """{"required":["a"]}""", """{"a":null}""", "{}", "lacks 'a'" },
        { """{"minProperties":1,"maxProperties":1}""", """{"a":1}""", "{}", "fewer members than 1" },
        { """{"allOf":[{"minimum":1},{"maximum":2}]}""", "1", "3", "is above 2" },
        { """{"anyOf":[{"type":"string"},{"minimum":1}]}""", "\"a\"", "0", "none of the alternatives" },
        { """{"oneOf":[{"minimum":1},{"maximum":2}]}""", "0", "1.5", "fits 2 of the alternatives" },
        { """{"not":{"type":"string"}}""", "1", "\"a\"", "excluded under not" },
        { """{"$ref":"#/$defs/n","$defs":{"n":{"type":"integer"}}}""", "1", "\"a\"", "not integer" },
        { """{"type":"object","properties":{"next":{"$ref":"#"}},"additionalProperties":false}""", """{"next":{"next":{}}}""", """{"next":{"next":1}}""", "/next/next is number" },
        { """{"$ref":"#"}""", "not json", "1", "refers to itself" },
        { """{"anyOf":[{"$ref":"#"},{"$ref":"#"},{"$ref":"#"}]}""", "not json", "1", "none of the alternatives" },
        { """{"title":"x","description":"y","format":"date","default":1,"examples":[1]}""", "\"no date\"", "{", "is no JSON value alone" },
        { "{}", "[1]", "```json\n[1]\n```", "is no JSON value alone" },
    };

    [Theory]
    [MemberData(nameof(Keywords))]
    public void A_keyword_holds(string schema, string fitting, string misfit, string why)
    {
        var read = Read(schema);

        Assert.Equal(fitting != "not json", read.TryRead(fitting, out var value, out var none));
        Assert.Equal(fitting == "not json" ? string.Empty : fitting, value.ValueKind == System.Text.Json.JsonValueKind.Undefined ? string.Empty : value.GetRawText());
        Assert.True(none.Length == 0 || fitting == "not json", none);
        Assert.False(read.TryRead(misfit, out _, out var problem));
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"properties":{"a":{"if":{}}}}""", "#/properties/a/if", "not supported")]
    [InlineData("""{"requred":["a"]}""", "#/requred", "did you mean 'required'")]
    [InlineData("""{"patternProperties":{}}""", "#/patternProperties", "not supported")]
    [InlineData("""{"$dynamicRef":"#x"}""", "#/$dynamicRef", "not supported")]
    [InlineData("""{"$ref":"other.json"}""", "#/$ref", "leads out of the schema")]
    [InlineData("""{"$ref":"#/$defs/x"}""", "#/$ref", "leads nowhere")]
    [InlineData("""{"type":"text"}""", "#/type", "is no type")]
    [InlineData("""{"minimum":"0.5"}""", "#/minimum", "a number is due")]
    [InlineData("""{"multipleOf":0}""", "#/multipleOf", "above zero")]
    [InlineData("""{"minLength":-1}""", "#/minLength", "zero or more")]
    [InlineData("""{"pattern":"(?=a)"}""", "#/pattern", "pattern")]
    [InlineData("""{"items":[{}]}""", "#/items", "a schema is due")]
    [InlineData("""{"anyOf":[]}""", "#/anyOf", "at least one")]
    [InlineData("""{"$defs":{"a/b":{"x":1}}}""", "#/$defs/a~1b/x", "not supported")]
    public void What_would_not_be_checked_is_refused_with_its_place(string schema, string place, string why)
    {
        var fault = Assert.Throws<AgentOpsException>(() => Read(schema));

        Assert.Equal(ErrorCodes.OutputSchemaInvalid, fault.Code);
        Assert.Contains($"at {place}:", fault.Message, StringComparison.Ordinal);
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_first_places_are_told()
    {
        Assert.False(Read("""{"items":{"type":"string"}}""").TryRead("[1,2,3,4,5,6,7,8]", out _, out var problem));

        Assert.Contains("/4 is number", problem, StringComparison.Ordinal);
        Assert.EndsWith("and 3 more", problem, StringComparison.Ordinal);
    }

    private static AnswerSchema Read(string schema) => AnswerSchema.Parse(JsonNode.Parse(schema)!.AsObject());
}
