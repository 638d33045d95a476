using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>An active preset, for <see cref="Presets.Blend"/>.</summary>
    public sealed class PresetLayer
    {
        /// <summary>A preset as its file has it: <c>name</c>, <c>meaning</c>, <c>world</c>, <c>mix</c>.</summary>
        public Map Preset;

        /// <summary>The higher lies above; of equal ones the one that was activated later.</summary>
        public int Priority;

        /// <summary>How far it covers what lies below, 0 to 1. Outside, the nearest end counts; NaN counts as 0.</summary>
        public double Weight = 1;
    }
}
