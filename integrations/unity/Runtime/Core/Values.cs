using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>Copies of what a game hands over, so that it may go on using its own.</summary>
    internal static class Values
    {
        private const int NumberBytes = 16;

        /// <summary>The bytes of a text of hexadecimal digits; none for any other text.</summary>
        public static byte[] OfHex(string text)
        {
            var bytes = new byte[text.Length / 2];
            for (var i = 0; i < bytes.Length; i++)
                if (!byte.TryParse(text.Substring(2 * i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
                    return new byte[0];
            return bytes;
        }

        /// <summary>
        /// A deep copy of a map. ProtocolException (wrong_type, too_large) for what a message cannot say: a server could not tell
        /// which of its client's messages that was.
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

        /// <summary>ProtocolException (wrong_type, too_large) if a change is none that can be sent, its number included.</summary>
        public static void CheckSize(Map change)
        {
            var bytes = Msgpack.Encode(change).Length + NumberBytes;
            if (bytes <= Limits.Client.MessageBytes) return;
            throw new ProtocolException("too_large", "a message of " + bytes + " bytes; at most " + Limits.Client.MessageBytes + " are allowed");
        }

        private static object CopyValue(object value, int depth)
        {
            if (value is string) return CheckText((string)value);
            if (value == null || value is bool || value is double || value is float || value is long || value is int
                || value is short || value is sbyte || value is byte || value is ushort || value is uint || value is ulong) return value;
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
                copy[CheckText(key)] = CopyValue(entry.Value, depth + 1);
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

        private static string CheckText(string text)
        {
            var bytes = Encoding.UTF8.GetByteCount(text);
            if (bytes <= Limits.Client.StringBytes) return text;
            throw new ProtocolException("too_large", "a string of " + bytes + " bytes; at most " + Limits.Client.StringBytes + " are allowed");
        }

        private static void Check(int depth, int count, int most)
        {
            if (depth > Limits.Depth) throw new ProtocolException("too_large", "maps and lists are nested deeper than " + Limits.Depth);
            if (count > most) throw new ProtocolException("too_large", "a map or list of " + count + "; at most " + most + " are allowed");
        }
    }
}
