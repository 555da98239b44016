namespace AgentOps.Build.Packaging;

/// <summary>A NuGet package of which something is in ours.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Sha512">The digest of the package as it was downloaded, in hexadecimal digits.</param>
/// <param name="License">Its SPDX expression; empty where its author gives a file or an address only.</param>
/// <param name="LicenseUri">Where its licence stands; empty where it has an expression.</param>
/// <param name="UsedIn">The parts of ours that have something of it: <c>module</c>, <c>helper</c>.</param>
/// <param name="IsDirect">Whether one of our projects names it.</param>
/// <param name="Dependencies">The names of the packages that it needs.</param>
internal sealed record RestoredPackage(
    string Id,
    string Version,
    string Sha512,
    string License,
    string LicenseUri,
    IReadOnlyList<string> UsedIn,
    bool IsDirect,
    IReadOnlyList<string> Dependencies)
{
    /// <summary>Its package URL (github.com/package-url/purl-spec).</summary>
    public string Url => $"pkg:nuget/{Id}@{Version}";
}
