using System.Collections;
using System.Collections.Generic;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>Copies of what a game hands over, so that it may go on using its own.</summary>
    internal static class Values
    {
        /// <summary>
        /// A deep copy of a map. ProtocolException (wrong_type, too_large) for what a message cannot say; so what was copied can
        /// be encoded.
        /// </summary>
        public static Map Copy(IDictionary map)
        {
            return CopyMap(map, 2);
        }

        /// <summary>The map under a key, or null.</summary>
        public static Map Get(Map map, string key)
        {
            object value;
            return map.TryGetValue(key, out value) ? value as Map : null;
        }

        /// <summary>The map under a key; an empty one is put there if there is none.</summary>
        public static Map Open(Map map, string key)
        {
            var found = Get(map, key);
            if (found == null) map[key] = found = new Map();
            return found;
        }

        private static object CopyValue(object value, int depth)
        {
            if (value == null || value is bool || value is string || value is double || value is float || value is long || value is int
                || value is short || value is sbyte || value is byte || value is ushort || value is uint || value is ulong) return value;
            if (value is byte[]) return ((byte[])value).Clone();
            if (value is IDictionary) return CopyMap((IDictionary)value, depth);
            if (value is IList) return CopyList((IList)value, depth);
            throw new ProtocolException("wrong_type", "a " + value.GetType().Name + " cannot be told");
        }

        private static Map CopyMap(IDictionary map, int depth)
        {
            Check(depth, map.Count, Limits.Client.MapEntries);
            var copy = new Map();
            foreach (DictionaryEntry entry in map)
            {
                var key = entry.Key as string;
                if (key == null) throw new ProtocolException("wrong_type", "a key is no string");
                copy[key] = CopyValue(entry.Value, depth + 1);
            }
            return copy;
        }

        private static List<object> CopyList(IList list, int depth)
        {
            Check(depth, list.Count, Limits.Client.ArrayItems);
            var copy = new List<object>(list.Count);
            for (var i = 0; i < list.Count; i++) copy.Add(CopyValue(list[i], depth + 1));
            return copy;
        }

        private static void Check(int depth, int count, int most)
        {
            if (depth > Limits.Depth) throw new ProtocolException("too_large", "maps and lists are nested deeper than " + Limits.Depth);
            if (count > most) throw new ProtocolException("too_large", "a map or list of " + count + "; at most " + most + " are allowed");
        }
    }
}
