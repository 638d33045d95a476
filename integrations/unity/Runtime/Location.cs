using System;
using System.Collections.Generic;
using UnityEngine;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>Where the listener is, under the protocol's names. Features are components: <see cref="AmbiomeFeature"/>.</summary>
    [Serializable]
    public sealed class Location
    {
        [BiomeName, Tooltip("A biome by name, temperate_forest or coast; empty is derived. Several, for a border, stand in Biome Blend.")]
        public string biome = "";
        [Tooltip("Up to four biomes with weights, instead of Biome. Blended in power: a walk across a border has no jump.")]
        public List<BiomeShare> biome_blend = new List<BiomeShare>();
        [Tooltip("What is around and above the listener.")]
        public Shelter shelter;
        [Span(0, 1), Tooltip("How much of the outside gets in: 0 shut, 1 open.")]
        public Optional openness;
        [Span(-500, 9000, "m"), Tooltip("Height above sea level, m.")]
        public Optional altitude_m;

        /// <summary>The numbers, in the protocol's order.</summary>
        public static readonly Field<Location>[] Table =
        {
            new Field<Location>("openness", p => p.openness, (p, v) => p.openness = v),
            new Field<Location>("altitude_m", p => p.altitude_m, (p, v) => p.altitude_m = v),
        };

        /// <summary>What is told, under the protocol's names.</summary>
        public Map ToMap()
        {
            var map = new Map();
            Fields.Write(Table, this, map);
            if (Biome() != null) map["biome"] = Biome();
            if (shelter != Shelter.Derived) map["shelter"] = Names.Of(shelter);
            return map;
        }

        /// <summary>Sets the field of that name; false where that cannot be.</summary>
        internal bool TrySet(string name, object value)
        {
            if (name == "biome") return TryBiome(value);
            if (name != "shelter") return Fields.TrySet(Table, this, name, value);
            if (value != null && !(value is string) || !Names.TryShelter((string)value, out Shelter known)) return false;
            shelter = known;
            return true;
        }

        internal void AddTo(ref Stamp stamp)
        {
            Fields.Stamp(Table, this, ref stamp);
            stamp.Add(biome);
            stamp.Add((int)shelter);
            stamp.Add(biome_blend.Count);
            foreach (BiomeShare share in biome_blend)
            {
                stamp.Add(share.biome);
                stamp.Add(share.weight);
            }
        }

        private object Biome()
        {
            var weights = new Map();
            foreach (BiomeShare share in biome_blend)
                if (!string.IsNullOrEmpty(share.biome)) weights[share.biome] = Maps.Number(share.weight);
            return weights.Count > 0 ? weights : string.IsNullOrEmpty(biome) ? null : (object)biome;
        }

        private bool TryBiome(object value)
        {
            var blend = new List<BiomeShare>();
            if (value is Map)
                foreach (KeyValuePair<string, object> entry in (Map)value)
                {
                    if (!(entry.Value is double) && !(entry.Value is long)) return false;
                    blend.Add(new BiomeShare { biome = entry.Key, weight = Convert.ToSingle(entry.Value) });
                }
            else if (value != null && !(value is string)) return false;
            biome = value as string ?? "";
            biome_blend = blend;
            return true;
        }
    }

    /// <summary>A text that names a biome: the inspector offers those that every server has.</summary>
    [AttributeUsage(AttributeTargets.Field)]
    public sealed class BiomeNameAttribute : PropertyAttribute { }

    /// <summary>One biome of a blend.</summary>
    [Serializable]
    public struct BiomeShare
    {
        [BiomeName, Tooltip("Its name: lake")]
        public string biome;
        [Range(0, 1), Tooltip("Its weight")]
        public float weight;
    }
}
