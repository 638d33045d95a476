using System;
using System.Collections.Generic;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>
    /// The world and the mix as they were told last, kept so that they can be told again to a server that has forgotten them.
    /// </summary>
    internal sealed class Memory
    {
        private const double StepsPerS = 25, SecondsPerHour = 3600, Day = 24;

        private readonly Map _world = new Map();
        private readonly Map _mix = new Map();
        private readonly List<Map> _features = new List<Map>();
        private bool _hasFeatures;
        private long _hourStep;

        /// <summary>Keeps a change that took effect at a step; events happen once and are not kept.</summary>
        public void Tell(Map change, long step)
        {
            var world = Values.Get(change, "world");
            var mix = Values.Get(change, "mix");
            if (world != null) foreach (var group in world) TellGroup(group.Key, group.Value as Map, step);
            if (mix != null) Merge(mix, _mix);
        }

        /// <summary>
        /// What to tell a new session, in which <paramref name="firstStep"/> follows on the old one's <paramref name="step"/>:
        /// the world, with its clock moved on, cut; and the mix. From now on steps are the new session's.
        /// </summary>
        public List<Map> Move(long step, long firstStep)
        {
            TurnClock(step);
            _hourStep = firstStep;
            var told = new List<Map>();
            var world = Values.Copy(_world);
            if (_hasFeatures) Values.Open(world, "location")["features"] = new List<object>(_features);
            if (world.Count > 0) told.Add(new Map { { "type", "world" }, { "world", world }, { "cut", true } });
            if (_mix.Count > 0) told.Add(new Map { { "type", "mix" }, { "mix", Values.Copy(_mix) } });
            return told;
        }

        /// <summary>Puts the fields of a map over those of another; maps within are merged likewise, but for a biome's weights.</summary>
        public static void Merge(Map from, Map into)
        {
            foreach (var entry in from)
            {
                var value = entry.Value as Map;
                if (value != null && entry.Key != "biome") Merge(value, Values.Open(into, entry.Key));
                else into[entry.Key] = entry.Value;
            }
        }

        private void TellGroup(string name, Map fields, long step)
        {
            if (fields == null) return;
            if (name == "time") TurnClock(step);
            var kept = Values.Open(_world, name);
            foreach (var field in fields)
                if (name != "location" || !field.Key.StartsWith("feature", StringComparison.Ordinal)) kept[field.Key] = field.Value;
            if (name == "location") TellFeatures(fields);
        }

        private void TellFeatures(Map location)
        {
            object value;
            if (location.TryGetValue("features", out value))
            {
                _features.Clear();
                _hasFeatures = true;
                foreach (var feature in value as List<object> ?? new List<object>()) SetFeature(feature as Map);
            }
            if (location.TryGetValue("feature_set", out value)) SetFeature(value as Map);
            if (location.TryGetValue("feature_remove", out value)) _features.RemoveAll(feature => Equals(feature["id"], value));
        }

        private void SetFeature(Map feature)
        {
            if (feature == null || !feature.ContainsKey("id")) return;
            var at = _features.FindIndex(other => Equals(other["id"], feature["id"]));
            if (at < 0) _features.Add(feature);
            else _features[at] = feature;
            _hasFeatures = true;
        }

        private void TurnClock(long step)
        {
            var time = Values.Get(_world, "time");
            object hour, rate;
            if (time != null && time.TryGetValue("hour", out hour) && hour != null && time.TryGetValue("rate", out rate) && rate != null)
            {
                var turned = Convert.ToDouble(hour) + Convert.ToDouble(rate) * (step - _hourStep) / StepsPerS / SecondsPerHour;
                time["hour"] = turned - Day * Math.Floor(turned / Day);
            }
            _hourStep = step;
        }
    }
}
