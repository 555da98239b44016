namespace AgentOps.Build;

/// <summary>Removes everything that was built.</summary>
internal sealed class CleanTask(Repository repository)
{
    public int Run()
    {
        // The build program itself runs from artifacts/build: that much stays where the system holds running files.
        foreach (var folder in new[] { repository.ModuleBin, repository.PathOf("en-US"), repository.Artifacts })
        {
            Say.Step($"removing {Path.GetRelativePath(repository.Root, folder)}");
            try
            {
                if (Directory.Exists(folder))
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
            catch (UnauthorizedAccessException)
            {
                Say.Note("Some of it is in use and stays.");
            }
        }

        return 0;
    }
}
