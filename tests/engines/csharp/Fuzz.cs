using System;
using System.Collections.Generic;

namespace Ambiome.Tests
{
    /// <summary>Any bytes decode or throw a ProtocolException, and take no more memory than they are worth.</summary>
    public static class Fuzz
    {
        private const long MostPerByte = 512, MostAnyway = 65536;

        /// <summary>Arguments: the folder of vectors, a seed, how many mutations.</summary>
        public static void Run(string[] args)
        {
            var seeds = new List<byte[]>();
            foreach (var name in new[] { "messages.json", "bad.json" })
                foreach (var vector in Vectors.Load(args[1], name)) seeds.Add(Program.Bytes((string)vector["hex"]));
            var random = new Random(int.Parse(args[2]));
            int read = 0, refused = 0, rounds = int.Parse(args[3]);
            long worst = 0;
            for (var i = 0; i < rounds; i++)
            {
                var bytes = Mutate(seeds[random.Next(seeds.Count)], seeds[random.Next(seeds.Count)], random);
                var before = GC.GetAllocatedBytesForCurrentThread();
                Vectors.Fault(() => ServerMessage.Read(new ArraySegment<byte>(bytes)));
                var fault = Vectors.Fault(() => Msgpack.Decode(bytes, Limits.Client));
                var taken = GC.GetAllocatedBytesForCurrentThread() - before;
                Program.Check(taken < MostAnyway + MostPerByte * bytes.Length, Program.Hex(bytes) + " took " + taken + " bytes");
                worst = Math.Max(worst, taken);
                if (fault == null) read++;
                else refused++;
                Transport(bytes, random);
            }
            Program.Check(read > rounds / 100 && refused > rounds / 100, read + " read, " + refused + " refused: not much of a test");
            Console.WriteLine(read + " read, " + refused + " refused, at most " + worst + " bytes taken");
        }

        private static void Transport(byte[] bytes, Random random)
        {
            var zmtp = new Zmtp();
            Vectors.Fault(() =>
            {
                ArraySegment<byte> head, audio;
                if (random.Next(8) > 0) zmtp.Receive(Wire.ServerOpening, Wire.ServerOpening.Length);
                zmtp.Receive(bytes, bytes.Length);
                while (zmtp.TryMessage(out head, out audio)) Program.Check(head.Count + audio.Count <= bytes.Length, "more than there was");
            });
        }

        private static byte[] Mutate(byte[] one, byte[] other, Random random)
        {
            var bytes = new List<byte>(one);
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                var at = random.Next(bytes.Count + 1);
                switch (random.Next(5))
                {
                    case 0:
                        if (at < bytes.Count) bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.Insert(at, (byte)(0xc0 + random.Next(64)));
                        break;
                    case 2:
                        bytes.RemoveRange(at, Math.Min(random.Next(4), bytes.Count - at));
                        break;
                    case 3:
                        if (at < bytes.Count) bytes[at] ^= (byte)(1 << random.Next(8));
                        break;
                    default:
                        var from = random.Next(other.Length + 1);
                        bytes.InsertRange(at, new List<byte>(other).GetRange(from, Math.Min(random.Next(20), other.Length - from)));
                        break;
                }
            }
            return bytes.ToArray();
        }
    }
}
