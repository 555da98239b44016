using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("AgentOps.Engine.Tests")]
