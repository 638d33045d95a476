using System;
using System.Collections;
using System.Collections.Generic;
using System.Text;

namespace Ambiome
{
    /// <summary>
    /// The protocol's messages to bytes and back: one msgpack map, keys are strings, each once, nothing after it.
    /// </summary>
    /// <remarks>
    /// Read: null, bool, long (ulong above 2^63 - 1), double, string, byte[], List&lt;object&gt;, Dictionary&lt;string, object&gt;.
    /// Any bytes give a map or a <see cref="ProtocolException"/>; nothing is allocated for what the bytes only claim.
    /// </remarks>
    public static class Msgpack
    {
        private static readonly UTF8Encoding Utf8 = new UTF8Encoding(false, true);

        /// <summary>The map in <paramref name="data"/>. ProtocolException (malformed, too_large) if it is not one.</summary>
        public static Dictionary<string, object> Decode(byte[] data, Limits limits)
        {
            return Decode(new ArraySegment<byte>(data), limits);
        }

        /// <summary>The map in <paramref name="data"/>. ProtocolException (malformed, too_large) if it is not one.</summary>
        public static Dictionary<string, object> Decode(ArraySegment<byte> data, Limits limits)
        {
            if (data.Count > limits.MessageBytes) throw TooLarge("a message", data.Count, limits.MessageBytes);
            var reader = new Reader(data, limits);
            var map = reader.Value(1) as Dictionary<string, object>;
            if (!reader.IsAtEnd) throw Malformed("there are bytes after it");
            if (map == null) throw Malformed("it is no map");
            return map;
        }

        /// <summary>The bytes of a map. ProtocolException (wrong_type) for a value that msgpack, or this protocol, cannot say.</summary>
        public static byte[] Encode(IDictionary map)
        {
            var writer = new Writer();
            writer.Value(map, 1);
            return writer.ToArray();
        }

        private static ProtocolException Malformed(string what)
        {
            return new ProtocolException("malformed", "message is not one msgpack map: " + what);
        }

        private static ProtocolException TooLarge(string what, long size, long most)
        {
            return new ProtocolException("too_large", what + " of " + size + "; at most " + most + " are allowed");
        }

        private sealed class Reader
        {
            private readonly byte[] _data;
            private readonly int _end;
            private readonly Limits _limits;
            private int _at;

            public Reader(ArraySegment<byte> data, Limits limits)
            {
                _data = data.Array;
                _at = data.Offset;
                _end = data.Offset + data.Count;
                _limits = limits;
            }

            public bool IsAtEnd
            {
                get { return _at == _end; }
            }

            public object Value(int depth)
            {
                int kind = Byte();
                if (kind < 0x80) return (long)kind;
                if (kind < 0x90) return Map((ulong)kind & 0x0f, depth);
                if (kind < 0xa0) return List((ulong)kind & 0x0f, depth);
                if (kind < 0xc0) return String((ulong)kind & 0x1f);
                if (kind >= 0xe0) return (long)(sbyte)kind;
                switch (kind)
                {
                    case 0xc0: return null;
                    case 0xc2: return false;
                    case 0xc3: return true;
                    case 0xc4: case 0xc5: case 0xc6: return Binary(Unsigned(1 << (kind - 0xc4)));
                    case 0xca: return (double)BitConverter.ToSingle(BitConverter.GetBytes((int)Unsigned(4)), 0);
                    case 0xcb: return BitConverter.Int64BitsToDouble((long)Unsigned(8));
                    case 0xcc: case 0xcd: case 0xce: return (long)Unsigned(1 << (kind - 0xcc));
                    case 0xcf: return Whole(Unsigned(8));
                    case 0xd0: return (long)(sbyte)Unsigned(1);
                    case 0xd1: return (long)(short)Unsigned(2);
                    case 0xd2: return (long)(int)Unsigned(4);
                    case 0xd3: return (long)Unsigned(8);
                    case 0xd9: case 0xda: case 0xdb: return String(Unsigned(1 << (kind - 0xd9)));
                    case 0xdc: case 0xdd: return List(Unsigned(2 << (kind - 0xdc)), depth);
                    case 0xde: case 0xdf: return Map(Unsigned(2 << (kind - 0xde)), depth);
                    case 0xc1: throw Malformed("it has a byte that msgpack does not use");
                    default: throw Malformed("it has an extension type");
                }
            }

            private static object Whole(ulong value)
            {
                return value <= long.MaxValue ? (object)(long)value : value;
            }

            private Dictionary<string, object> Map(ulong entries, int depth)
            {
                Check("a map", entries, _limits.MapEntries, depth);
                var map = new Dictionary<string, object>();
                for (ulong i = 0; i < entries; i++)
                {
                    var key = Value(depth + 1) as string;
                    if (key == null) throw Malformed("a key is no string");
                    if (map.ContainsKey(key)) throw new ProtocolException("malformed", "a map has the key '" + key + "' twice", key);
                    map.Add(key, Value(depth + 1));
                }
                return map;
            }

            private List<object> List(ulong items, int depth)
            {
                Check("an array", items, _limits.ArrayItems, depth);
                var list = new List<object>();
                for (ulong i = 0; i < items; i++) list.Add(Value(depth + 1));
                return list;
            }

            private string String(ulong bytes)
            {
                if (bytes > (ulong)_limits.StringBytes) throw TooLarge("a string", (long)bytes, _limits.StringBytes);
                var start = Skip((int)bytes);
                try
                {
                    return Utf8.GetString(_data, start, (int)bytes);
                }
                catch (ArgumentException)
                {
                    throw Malformed("it has a string that is not UTF-8");
                }
            }

            private byte[] Binary(ulong bytes)
            {
                if (bytes > Limits.TokenBytes) throw TooLarge("binary data", (long)bytes, Limits.TokenBytes);
                var start = Skip((int)bytes);
                var made = new byte[(int)bytes];
                Buffer.BlockCopy(_data, start, made, 0, made.Length);
                return made;
            }

            private static void Check(string what, ulong size, int most, int depth)
            {
                if (size > (ulong)most) throw TooLarge(what, (long)size, most);
                if (depth > Limits.Depth) throw TooLarge("maps and arrays within each other: a depth", depth, Limits.Depth);
            }

            private int Skip(int bytes)
            {
                if (bytes > _end - _at) throw Malformed("it ends too soon");
                var start = _at;
                _at += bytes;
                return start;
            }

            private byte Byte()
            {
                return _data[Skip(1)];
            }

            private ulong Unsigned(int bytes)
            {
                ulong value = 0;
                for (var at = Skip(bytes); bytes > 0; bytes--) value = (value << 8) | _data[at++];
                return value;
            }
        }

        private sealed class Writer
        {
            private byte[] _data = new byte[128];
            private int _count;

            public byte[] ToArray()
            {
                var made = new byte[_count];
                Buffer.BlockCopy(_data, 0, made, 0, _count);
                return made;
            }

            public void Value(object value, int depth)
            {
                if (value == null) Byte(0xc0);
                else if (value is bool) Byte((bool)value ? 0xc3 : 0xc2);
                else if (value is string) String((string)value);
                else if (value is double || value is float) Double(Convert.ToDouble(value));
                else if (value is ulong) Whole((ulong)value);
                else if (value is long || value is int || value is short || value is sbyte || value is byte || value is ushort || value is uint)
                    Whole(Convert.ToInt64(value));
                else if (value is byte[]) Binary((byte[])value);
                else if (value is Dictionary<string, object>) Map((Dictionary<string, object>)value, depth);
                else if (value is IDictionary) Map((IDictionary)value, depth);
                else if (value is IList) List((IList)value, depth);
                else throw new ProtocolException("wrong_type", "a " + value.GetType().Name + " cannot be told");
            }

            private void Map(Dictionary<string, object> map, int depth)
            {
                Nest(depth);
                Head(map.Count, 0x80, 15, 0xde);
                foreach (var entry in map)
                {
                    String(entry.Key);
                    Value(entry.Value, depth + 1);
                }
            }

            private void Map(IDictionary map, int depth)
            {
                Nest(depth);
                Head(map.Count, 0x80, 15, 0xde);
                foreach (DictionaryEntry entry in map)
                {
                    var key = entry.Key as string;
                    if (key == null) throw new ProtocolException("wrong_type", "a key is no string");
                    String(key);
                    Value(entry.Value, depth + 1);
                }
            }

            private void List(IList list, int depth)
            {
                Nest(depth);
                Head(list.Count, 0x90, 15, 0xdc);
                for (var i = 0; i < list.Count; i++) Value(list[i], depth + 1);
            }

            private static void Nest(int depth)
            {
                if (depth > Limits.Depth) throw new ProtocolException("too_large", "maps and lists are nested deeper than " + Limits.Depth);
            }

            private void Head(int count, int small, int most, int wide)
            {
                if (count <= most) Byte(small | count);
                else if (count <= 0xffff) Sized(wide, (ulong)count, 2);
                else Sized(wide + 1, (ulong)count, 4);
            }

            private void String(string value)
            {
                int bytes;
                try
                {
                    bytes = Utf8.GetByteCount(value);
                }
                catch (ArgumentException)
                {
                    throw new ProtocolException("wrong_type", "a string is not Unicode");
                }
                if (bytes <= 31) Byte(0xa0 | bytes);
                else if (bytes <= 0xff) Sized(0xd9, (ulong)bytes, 1);
                else Head(bytes, 0, -1, 0xda);
                Room(bytes);
                Utf8.GetBytes(value, 0, value.Length, _data, _count);
                _count += bytes;
            }

            private void Binary(byte[] value)
            {
                if (value.Length <= 0xff) Sized(0xc4, (ulong)value.Length, 1);
                else Head(value.Length, 0, -1, 0xc5);
                Raw(value);
            }

            private void Double(double value)
            {
                Sized(0xcb, (ulong)BitConverter.DoubleToInt64Bits(value), 8);
            }

            private void Whole(ulong value)
            {
                if (value <= long.MaxValue) Whole((long)value);
                else Sized(0xcf, value, 8);
            }

            private void Whole(long value)
            {
                if (value >= -32 && value <= 127) Byte((int)value & 0xff);
                else if (value < 0) Sized(0xd3, (ulong)value, 8);
                else if (value <= 0xff) Sized(0xcc, (ulong)value, 1);
                else if (value <= 0xffff) Sized(0xcd, (ulong)value, 2);
                else if (value <= 0xffffffff) Sized(0xce, (ulong)value, 4);
                else Sized(0xcf, (ulong)value, 8);
            }

            private void Sized(int kind, ulong value, int bytes)
            {
                Byte(kind);
                for (var shift = 8 * (bytes - 1); shift >= 0; shift -= 8) Byte((int)(value >> shift) & 0xff);
            }

            private void Byte(int value)
            {
                Room(1);
                _data[_count++] = (byte)value;
            }

            private void Raw(byte[] bytes)
            {
                Room(bytes.Length);
                Buffer.BlockCopy(bytes, 0, _data, _count, bytes.Length);
                _count += bytes.Length;
            }

            private void Room(int bytes)
            {
                if (_count + bytes > _data.Length) Array.Resize(ref _data, Math.Max(_count + bytes, 2 * _data.Length));
            }
        }
    }
}
