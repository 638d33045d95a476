using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Ambiome.Tests")]
