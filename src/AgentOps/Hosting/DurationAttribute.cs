using System.Globalization;
using System.Management.Automation;

namespace AgentOps.Hosting;

/// <summary>
/// Refuses a bare number for a duration: PowerShell takes 5 for five ticks, which are half a microsecond, and '5' for five days.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => inputData is PSObject { BaseObject: var given } ? Checked(given) : Checked(inputData);

    private static object? Checked(object? given) => given switch
    {
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal => throw Refused(given),
        string text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) => throw Refused(text),
        _ => given,
    };

    private static ArgumentTransformationMetadataException Refused(object given) => new(string.Create(CultureInfo.InvariantCulture,
        $"{given} has no unit. Write five seconds as 00:00:05, five days as 5.00:00:00, or use New-TimeSpan."));
}
