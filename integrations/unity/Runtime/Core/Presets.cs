using System;
using System.Collections.Generic;
using System.Linq;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>
    /// Blending presets: a stack of them, each with a priority and a weight, becomes one world and one mix. The same rules
    /// as in every Ambiome client, tested against protocol/vectors/presets.json:
    /// <list type="table">
    /// <item><term>angles, hour, day of the year</term>
    /// <description>move along the shorter arc by the weight; of two equal arcs the ascending one</description></item>
    /// <item><term>other numbers</term>
    /// <description>move by the weight; with nothing below, their own value (a gain: from 0 dB)</description></item>
    /// <item><term>biome</term>
    /// <description>shares, below · (1 − weight) + own · weight, the four largest, summing to 1</description></item>
    /// <item><term>names, lists, true and false, null</term>
    /// <description>change over at a weight of 0.5</description></item>
    /// </list>
    /// </summary>
    public static class Presets
    {
        private const double SwitchAt = 0.5;
        private const int MaxBiomes = 4;

        // Fields whose values go round: the first value, and how many there are until it comes again.
        private static readonly Dictionary<string, double[]> Circles = new Dictionary<string, double[]>
        {
            { "wind_from_deg", new double[] { 0, 360 } },
            { "heading_deg", new double[] { 0, 360 } },
            { "hour", new double[] { 0, 24 } },
            { "day_of_year", new double[] { 1, 366 } },
        };

        private static readonly HashSet<string> Integers = new HashSet<string> { "day_of_year" };
        private static readonly HashSet<string> Gains = new HashSet<string> { "master_db", "gain_db" };

        /// <summary>
        /// What a stack of active presets, in the order in which they were activated, says together: a map of <c>world</c>
        /// {group: {field: value}} and <c>mix</c>, as the protocol's messages have them, without empty groups.
        /// What is no preset is passed over. The presets are not changed.
        /// </summary>
        public static Map Blend(IList<PresetLayer> stack)
        {
            Map world = new Map(), mix = new Map(), voices = new Map();
            foreach (var layer in stack.Where(layer => layer != null).OrderBy(layer => layer.Priority))
            {
                var weight = double.IsNaN(layer.Weight) ? 0 : Math.Min(Math.Max(layer.Weight, 0), 1);
                if (weight == 0) continue;
                foreach (var group in Part(layer.Preset, "world"))
                    Lay(Opened(world, group.Key), group.Value as Map, weight);
                var above = new Map(Part(layer.Preset, "mix"));
                foreach (var voice in Part(above, "voices")) Lay(Opened(voices, voice.Key), voice.Value as Map, weight);
                above.Remove("voices");
                Lay(mix, above, weight);
            }
            voices = Filled(voices);
            if (voices.Count > 0) mix["voices"] = voices;
            return new Map { { "world", Filled(world) }, { "mix", mix } };
        }

        // Lays the fields of one map over those below it.
        private static void Lay(Map below, Map above, double weight)
        {
            if (above == null) return;
            foreach (var field in above)
            {
                object under;
                below.TryGetValue(field.Key, out under);
                if (field.Key == "biome" && field.Value != null)
                {
                    var biome = Biome(under, field.Value, weight);
                    if (biome != null) below[field.Key] = biome;
                }
                else if (IsNumber(field.Value)) below[field.Key] = Number(field.Key, under, field.Value, weight);
                else if (weight >= SwitchAt) below[field.Key] = field.Value;
            }
        }

        private static object Number(string name, object below, object above, double weight)
        {
            var own = Convert.ToDouble(above);
            var under = IsNumber(below) ? Convert.ToDouble(below) : Gains.Contains(name) ? 0 : own;
            double[] circle;
            if (weight < 1 && Circles.TryGetValue(name, out circle)) return OnCircle(name, circle, under, own, weight);
            var at = weight < 1 ? under + (own - under) * weight : own;
            return Rounded(name, Math.Min(Math.Max(at, Math.Min(under, own)), Math.Max(under, own)));
        }

        private static object OnCircle(string name, double[] circle, double under, double own, double weight)
        {
            double first = circle[0], length = circle[1], half = length / 2;
            var at = Convert.ToDouble(Rounded(name, under + (half - Modulo(half - (own - under), length)) * weight));
            var around = Modulo(at - first, length);
            return Rounded(name, first + (around < length ? around : 0));
        }

        private static object Rounded(string name, double value)
        {
            return Integers.Contains(name) ? (object)(long)Math.Floor(value + 0.5) : value;
        }

        // 0 … length; length itself only where a hair below 0 rounds to it.
        private static double Modulo(double value, double length)
        {
            return value - Math.Floor(value / length) * length;
        }

        // Biomes with shares of 1, or the name of the only one. Of equal shares the first by name is the larger.
        private static object Biome(object below, object above, double weight)
        {
            SortedDictionary<string, double> under = Shares(below), own = Shares(above);
            if (own.Count == 0) return below;
            var kept = under.Count > 0 ? weight : 1;
            var mixed = new SortedDictionary<string, double>(StringComparer.Ordinal);
            foreach (var name in own.Keys.Concat(under.Keys))
            {
                double shareUnder, shareOwn;
                under.TryGetValue(name, out shareUnder);
                own.TryGetValue(name, out shareOwn);
                mixed[name] = shareUnder * (1 - kept) + shareOwn * kept;
            }
            var largest = new Map();
            foreach (var share in mixed.Where(share => share.Value > 0).OrderByDescending(share => share.Value).Take(MaxBiomes))
                largest[share.Key] = share.Value;
            var shares = Shares(largest);
            if (shares.Count == 1) return shares.Keys.First();
            return shares.ToDictionary(share => share.Key, share => (object)share.Value);
        }

        // A biome as the protocol has it, as shares whose sum is 1, in order of their names; none for what is no biome.
        private static SortedDictionary<string, double> Shares(object biome)
        {
            var shares = new SortedDictionary<string, double>(StringComparer.Ordinal);
            if (biome is string) shares[(string)biome] = 1;
            foreach (var weight in biome as Map ?? new Map())
                if (IsNumber(weight.Value) && Convert.ToDouble(weight.Value) > 0)
                    shares[weight.Key] = Convert.ToDouble(weight.Value);
            var total = shares.Values.Sum();
            foreach (var name in shares.Keys.ToList()) shares[name] /= total;
            return shares;
        }

        private static bool IsNumber(object value)
        {
            return value is double || value is long || value is int || value is float;
        }

        private static Map Part(Map map, string name)
        {
            object part;
            return map != null && map.TryGetValue(name, out part) && part is Map ? (Map)part : new Map();
        }

        private static Map Opened(Map maps, string name)
        {
            object fields;
            if (!maps.TryGetValue(name, out fields)) maps[name] = fields = new Map();
            return (Map)fields;
        }

        private static Map Filled(Map maps)
        {
            return maps.Where(map => ((Map)map.Value).Count > 0).ToDictionary(map => map.Key, map => map.Value);
        }
    }
}
