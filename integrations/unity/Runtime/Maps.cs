using System;
using System.Collections;
using System.Collections.Generic;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>Maps of the protocol: how they are cleaned, compared and cut.</summary>
    public static class Maps
    {
        /// <summary>A float as the decimal number that its author meant: 0.1f is 0.1.</summary>
        public static double Number(float value)
        {
            return Math.Abs(value) < 1e9f ? Math.Round(value, 6) : value;
        }

        /// <summary>
        /// What a program wrote, as the protocol takes it: every integer a long, every real a double, enumerations by their
        /// name in small letters, arrays as lists, <see cref="Optional"/> as a number or null. A copy all through.
        /// </summary>
        public static object Plain(object value)
        {
            if (value == null || value is string || value is bool || value is long || value is byte[]) return value;
            if (value is Optional) return ((Optional)value).IsTold ? (object)Number(((Optional)value).Value) : null;
            if (value is float) return Number((float)value);
            if (value is double) return value;
            if (value is Enum) return value is Shelter ? Names.Of((Shelter)value) : value.ToString().ToLowerInvariant();
            if (value is int || value is short || value is byte || value is uint || value is ushort || value is sbyte)
                return Convert.ToInt64(value);
            if (value is decimal) return Convert.ToDouble(value);
            if (value is IDictionary) return PlainMap((IDictionary)value);
            if (!(value is IEnumerable)) return value.ToString();
            var list = new List<object>();
            foreach (object item in (IEnumerable)value) list.Add(Plain(item));
            return list;
        }

        /// <summary>As <see cref="Plain"/>, for a whole map. Null gives an empty one.</summary>
        public static Map PlainMap(IDictionary map)
        {
            var plain = new Map();
            if (map == null) return plain;
            foreach (DictionaryEntry entry in map) plain[entry.Key.ToString()] = Plain(entry.Value);
            return plain;
        }

        /// <summary>
        /// What of `now` is not as it was `before`, two levels down (a part of the world, and its fields): what has gone is
        /// null. Empty parts are left out.
        /// </summary>
        public static Map Difference(Map before, Map now)
        {
            var changed = new Map();
            foreach (string part in Keys(before, now))
            {
                Map was = Part(before, part), is_ = Part(now, part), fields = new Map();
                foreach (string name in Keys(was, is_))
                {
                    was.TryGetValue(name, out object old);
                    is_.TryGetValue(name, out object young);
                    if (!Same(old, young)) fields[name] = young;
                }
                if (fields.Count > 0) changed[part] = fields;
            }
            return changed;
        }

        /// <summary>Puts the fields of `more` over those of `map`, part by part.</summary>
        public static void Lay(Map map, Map more)
        {
            foreach (KeyValuePair<string, object> entry in more)
            {
                Map over = entry.Value as Map;
                if (over == null) { map[entry.Key] = entry.Value; continue; }
                Map under = Part(map, entry.Key);
                foreach (KeyValuePair<string, object> field in over) under[field.Key] = field.Value;
                map[entry.Key] = under;
            }
        }

        /// <summary>The map at that key; an empty one where there is none.</summary>
        public static Map Part(Map map, string key)
        {
            return map.TryGetValue(key, out object part) && part is Map ? (Map)part : new Map();
        }

        /// <summary>Whether two values are equal all through.</summary>
        public static bool Same(object one, object other)
        {
            if (one is Map && other is Map) return SameMaps((Map)one, (Map)other);
            if (one is List<object> && other is List<object>) return SameLists((List<object>)one, (List<object>)other);
            return Equals(one, other);
        }

        private static bool SameMaps(Map one, Map other)
        {
            if (one.Count != other.Count) return false;
            foreach (KeyValuePair<string, object> entry in one)
                if (!other.TryGetValue(entry.Key, out object value) || !Same(entry.Value, value)) return false;
            return true;
        }

        private static bool SameLists(List<object> one, List<object> other)
        {
            if (one.Count != other.Count) return false;
            for (int i = 0; i < one.Count; i++)
                if (!Same(one[i], other[i])) return false;
            return true;
        }

        private static IEnumerable<string> Keys(Map one, Map other)
        {
            var keys = new List<string>(one.Keys);
            foreach (string key in other.Keys)
                if (!one.ContainsKey(key)) keys.Add(key);
            return keys;
        }
    }
}
