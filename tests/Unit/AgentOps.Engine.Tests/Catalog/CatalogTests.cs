using AgentOps.Engine.Catalog;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Tests.Catalog;

/// <summary>The catalogs of what can be simulated, and a user's own over them.</summary>
public sealed class CatalogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentops-catalog-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_entry_of_ones_own_stands_for_the_one_it_replaces_under_every_name_of_it()
    {
        var all = AcceleratorCatalog.Load().Accelerators.Select(accelerator => accelerator.Name).ToArray();
        File.WriteAllText(Path.Combine(_folder, "accelerators.yaml"), """
            - name: h100
              title: Ours
              memory: 70
              bandwidth: 3000
              tflops-16: 900
              link-bandwidth: 400
              power: 650
              price: 2
              source: https://hardware.example
            """);

        var catalog = AcceleratorCatalog.Load(_folder);

        Assert.All(["h100", "H100-SXM", "h100_sxm", "H100-80GB"], name => Assert.Equal("Ours", catalog.Find(name).Title));
        Assert.Equal(all, catalog.Accelerators.Select(accelerator => accelerator.Name));
    }

    [Fact]
    public void A_name_that_is_not_there_is_answered_with_the_nearest()
    {
        var error = Assert.Throws<AgentOpsException>(() => AcceleratorCatalog.Load().Find("h10"));
        Assert.Equal(ErrorCodes.CatalogEntryNotFound, error.Code);
        Assert.Contains("Did you mean 'h100'?", error.Message, StringComparison.Ordinal);
        Assert.Contains("accelerators.yaml", error.Mend, StringComparison.Ordinal);
        Assert.Equal(ErrorCodes.CatalogEntryNotFound, Assert.Throws<AgentOpsException>(() => ModelCatalog.Load().Find("nothing-like-it")).Code);
    }

    [Fact]
    public void A_model_is_found_whatever_organisation_stands_before_it()
    {
        var model = ModelCatalog.Load().Models[0];
        Assert.Equal(model.Name, ModelCatalog.Load().Find("elsewhere/" + model.Name[(model.Name.LastIndexOf('/') + 1)..]).Name);
    }
}
