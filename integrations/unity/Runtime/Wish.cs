using System.Collections.Generic;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>What the fields of a component ask for: its own world and mix, with its presets laid over them.</summary>
    internal static class Wish
    {
        /// <summary>World and mix as a <see cref="Teller"/> takes them.</summary>
        public static Map State(AmbiomeSource of)
        {
            var world = new Map
            {
                { "weather", of.weather.ToMap() }, { "location", of.location.ToMap() }, { "time", of.time.ToMap() }
            };
            Map mix = of.mix.ToMap();
            var layers = new List<PresetLayer>();
            foreach (PresetSlot slot in of.presets)
                if (slot.TryLayer(out PresetLayer layer)) layers.Add(layer);
            if (layers.Count == 0) return Teller.State(world, mix);
            var ground = new Map { { "world", world }, { "mix", mix } };
            layers.Insert(0, new PresetLayer { Preset = ground, Priority = int.MinValue, Weight = 1 });
            Map blend = Presets.Blend(layers);
            return Teller.State(Maps.Part(blend, "world"), Maps.Part(blend, "mix"));
        }

        /// <summary>Changes whenever a field does; made without allocation, so that every frame can ask.</summary>
        public static Stamp Mark(AmbiomeSource of)
        {
            var stamp = new Stamp();
            of.weather.AddTo(ref stamp);
            of.location.AddTo(ref stamp);
            of.time.AddTo(ref stamp);
            of.mix.AddTo(ref stamp);
            stamp.Add(of.presets.Count);
            foreach (PresetSlot slot in of.presets) slot.AddTo(ref stamp);
            return stamp;
        }
    }
}
