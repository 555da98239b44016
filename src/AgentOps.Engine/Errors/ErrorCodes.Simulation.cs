namespace AgentOps.Engine.Errors;

/// <content>Errors of catalogs and simulations.</content>
public static partial class ErrorCodes
{
    /// <summary>A catalog file is malformed.</summary>
    public static readonly ErrorCode CatalogInvalid = new("CatalogInvalid", ErrorKind.InvalidData,
        "Correct the catalog at the place named.");

    /// <summary>A model or an accelerator is in no catalog.</summary>
    public static readonly ErrorCode CatalogEntryNotFound = new("CatalogEntryNotFound", ErrorKind.NotFound,
        "Use one of the catalog's names, or add an entry in a catalog file of your own.");

    /// <summary>A trace, a measurement or a request file is malformed.</summary>
    public static readonly ErrorCode SimulationInputInvalid = new("SimulationInputInvalid", ErrorKind.InvalidData,
        "Correct the input at the place named.");

    /// <summary>A scenario can't be simulated as given.</summary>
    public static readonly ErrorCode SimulationInvalid = new("SimulationInvalid", ErrorKind.InvalidArgument,
        "Change the setting named.");
}
