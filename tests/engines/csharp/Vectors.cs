using System;
using System.Collections.Generic;
using System.IO;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome.Tests
{
    /// <summary>The golden vectors of the protocol. The second argument is the folder that holds them.</summary>
    public static class Vectors
    {
        /// <summary>Every message is read as its JSON; a server's also as a checked one.</summary>
        public static void Read(string[] args)
        {
            foreach (var vector in Load(args[1], "messages.json"))
            {
                var bytes = Program.Bytes((string)vector["hex"]);
                var isToServer = (string)vector["direction"] == "to_server";
                var read = isToServer ? Msgpack.Decode(bytes, Limits.Client) : ServerMessage.Read(new ArraySegment<byte>(bytes));
                Program.Check(Same(read, vector["message"]), vector["name"] + " is read as " + Json.Write(Plain(read)));
                Console.WriteLine(vector["name"]);
            }
        }

        /// <summary>Prints each message as this core writes it: a map of names to bytes in hexadecimal.</summary>
        public static void Write(string[] args)
        {
            var written = new Map();
            foreach (var vector in Load(args[1], "messages.json"))
            {
                var message = (Map)vector["message"];
                foreach (var secret in new[] { "resume", "zone_key" })
                    if (message.ContainsKey(secret)) message[secret] = Convert.FromBase64String((string)message[secret]);
                written.Add((string)vector["name"], Program.Hex(Msgpack.Encode(message)));
            }
            Console.WriteLine(Json.Write(written));
        }

        /// <summary>Bad bytes are refused: by the codec with the vector's code and field, or by the reader of server messages.</summary>
        public static void Bad(string[] args)
        {
            var byCodec = new List<string> { "malformed", "too_large" };
            foreach (var vector in Load(args[1], "bad.json"))
            {
                var bytes = Program.Bytes((string)vector["hex"]);
                var isToServer = (string)vector["direction"] == "to_server";
                var isByCodec = byCodec.Contains((string)vector["code"]);
                var fault = isToServer && isByCodec ? Fault(() => Msgpack.Decode(bytes, Limits.Client)) : null;
                var seen = Fault(() => ServerMessage.Read(new ArraySegment<byte>(bytes)));
                if (!isToServer) fault = seen;
                Program.Check(seen != null || (string)vector["name"] == "long", vector["name"] + " is read as a server's message");
                if (fault == null && isToServer && !isByCodec) continue;
                var wanted = vector["code"] + " " + vector["field"];
                var found = fault == null ? "nothing" : fault.Code + " " + fault.Field;
                Program.Check(found == wanted, vector["name"] + ": " + found + ", not " + wanted);
                Console.WriteLine(vector["name"]);
            }
        }

        /// <summary>The step of a time.</summary>
        public static void Steps(string[] args)
        {
            foreach (var vector in Load(args[1], "steps.json"))
            {
                var step = Audio.StepAt(Convert.ToDouble(vector["at"]));
                Program.Check(step == (long)vector["step"], vector["name"] + " is step " + step);
                Console.WriteLine(vector["name"]);
            }
        }

        /// <summary>The samples of frames.</summary>
        public static void Samples(string[] args)
        {
            foreach (var vector in Load(args[1], "audio.json"))
            {
                var channels = (int)(long)vector["channels"];
                var into = new float[100];
                var bytes = new ArraySegment<byte>(Program.Bytes((string)vector["hex"]));
                var count = Audio.Unpack(bytes, (string)vector["format"], channels, into);
                var lines = (List<object>)vector["samples"];
                Program.Check(lines.Count == channels && count == channels * ((List<object>)lines[0]).Count, vector["name"] + ": " + count);
                for (var i = 0; i < count; i++)
                {
                    var wanted = (float)Convert.ToDouble(((List<object>)lines[i % channels])[i / channels]);
                    Program.Check(into[i] == wanted, vector["name"] + ": sample " + i + " is " + into[i]);
                }
                Console.WriteLine(vector["name"]);
            }
        }

        /// <summary>Reads JSON from the standard input and writes it again.</summary>
        public static void JsonRoundTrip(string[] args)
        {
            string line;
            while ((line = Console.In.ReadLine()) != null)
            {
                try
                {
                    Console.WriteLine(Json.Write(Json.Parse(line)));
                }
                catch (FormatException)
                {
                    Console.WriteLine("refused");
                }
            }
        }

        public static List<Map> Load(string folder, string name)
        {
            var all = (List<object>)Json.Parse(File.ReadAllText(Path.Combine(folder, name)));
            return all.ConvertAll(vector => (Map)vector);
        }

        public static ProtocolException Fault(Action act)
        {
            try
            {
                act();
                return null;
            }
            catch (ProtocolException fault)
            {
                return fault;
            }
        }

        private static object Plain(object value)
        {
            if (value is byte[]) return Convert.ToBase64String((byte[])value);
            var map = value as Map;
            if (map == null) return value;
            var plain = new Map();
            foreach (var entry in map) plain.Add(entry.Key, Plain(entry.Value));
            return plain;
        }

        private static bool Same(object read, object wanted)
        {
            if (read is byte[]) return Equals(Convert.ToBase64String((byte[])read), wanted);
            if (read is Map) return SameMap((Map)read, wanted as Map);
            if (read is List<object>) return SameList((List<object>)read, wanted as List<object>);
            if (read is long || read is double)
                return (wanted is long || wanted is double) && (Equals(read, wanted) || Convert.ToDouble(read) == Convert.ToDouble(wanted));
            return Equals(read, wanted);
        }

        private static bool SameMap(Map read, Map wanted)
        {
            if (wanted == null || read.Count != wanted.Count) return false;
            foreach (var entry in read)
            {
                object value;
                if (!wanted.TryGetValue(entry.Key, out value) || !Same(entry.Value, value)) return false;
            }
            return true;
        }

        private static bool SameList(List<object> read, List<object> wanted)
        {
            if (wanted == null || read.Count != wanted.Count) return false;
            for (var i = 0; i < read.Count; i++)
                if (!Same(read[i], wanted[i])) return false;
            return true;
        }
    }
}
