using System;
using System.Collections.Generic;

namespace Ambiome.Tests
{
    /// <summary>A check that did not hold.</summary>
    public sealed class CheckFailed : Exception
    {
        public CheckFailed(string what) : base(what)
        {
        }
    }

    /// <summary>Runs one of the programs by its name; prints what it has to say, and what did not hold with exit code 1.</summary>
    public static class Program
    {
        private static readonly Dictionary<string, Action<string[]>> Programs = new Dictionary<string, Action<string[]>>
        {
            { "read", Vectors.Read },
            { "write", Vectors.Write },
            { "bad", Vectors.Bad },
            { "steps", Vectors.Steps },
            { "audio", Vectors.Samples },
            { "json", Vectors.JsonRoundTrip },
            { "fuzz", Fuzz.Run },
            { "wire", Wire.Run },
            { "rules", Rules.Run },
            { "sound", Sound.Run },
            { "drift", Sound.Drift },
            { "ring", Sound.Ring },
            { "player", Player.Run },
            { "again", Player.PlayAgain }
        };

        public static int Main(string[] args)
        {
            try
            {
                Programs[args[0]](args);
                return 0;
            }
            catch (CheckFailed failed)
            {
                Console.Error.WriteLine("check failed: " + failed.Message);
                return 1;
            }
        }

        public static void Check(bool holds, string what)
        {
            if (!holds) throw new CheckFailed(what);
        }

        public static byte[] Bytes(string hex)
        {
            var made = new byte[hex.Length / 2];
            for (var i = 0; i < made.Length; i++) made[i] = Convert.ToByte(hex.Substring(2 * i, 2), 16);
            return made;
        }

        public static string Hex(byte[] bytes)
        {
            return BitConverter.ToString(bytes).Replace("-", "").ToLowerInvariant();
        }
    }
}
