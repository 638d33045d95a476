using System;
using System.Collections.Generic;
using System.Text;

namespace Ambiome.Tests
{
    /// <summary>ZMTP, without a socket.</summary>
    public static class Wire
    {
        /// <summary>What a server sends first: the greeting and READY.</summary>
        public static readonly byte[] ServerOpening = Opening();

        public static void Run(string[] args)
        {
            Opens();
            ReadsHoweverItComes();
            AnswersPings();
            Refuses();
            KeepsUp();
            Console.WriteLine("ok");
        }

        private static void Opens()
        {
            var zmtp = new Zmtp();
            var greeting = "ff00000000000000007f03004e554c4c" + new string('0', 96);
            Program.Check(Sent(zmtp) == greeting + "041c05524541445" + "90b536f636b65742d54797065000000064445414c4552", "opens with " + Sent(zmtp));
            zmtp.Sent(64);
            zmtp.Sent(zmtp.Outgoing.Count);
            zmtp.Send(new byte[] { 1, 2, 3 });
            zmtp.Send(new byte[300]);
            Program.Check(Sent(zmtp) == "0003010203" + "02000000000000012c" + new string('0', 600), "sends " + Sent(zmtp));
        }

        private static void ReadsHoweverItComes()
        {
            var stream = new List<byte>(ServerOpening);
            stream.AddRange(Frame(0, new byte[] { 7 }));
            stream.AddRange(Frame(1, new byte[] { 1, 2 }));
            stream.AddRange(Frame(4, Encoding.ASCII.GetBytes("\u0004PING\0\u000a" + "abc")));
            stream.AddRange(Frame(0, new byte[1000]));
            stream.AddRange(Frame(0, new byte[] { 9 }));
            for (var chunk = 1; chunk < stream.Count; chunk = chunk < 70 ? chunk + 1 : chunk + 97)
            {
                var zmtp = new Zmtp();
                zmtp.Sent(zmtp.Outgoing.Count);
                var got = "";
                for (var at = 0; at < stream.Count; at += chunk)
                {
                    var part = stream.GetRange(at, Math.Min(chunk, stream.Count - at)).ToArray();
                    zmtp.Receive(part, part.Length);
                    ArraySegment<byte> head, audio;
                    while (zmtp.TryMessage(out head, out audio))
                        got += head.Count + ":" + head.Array[head.Offset] + (audio.Array == null ? "" : "+" + audio.Count) + " ";
                }
                Program.Check(got == "1:7 2:1+1000 1:9 ", "in chunks of " + chunk + ": " + got);
                Program.Check(Sent(zmtp) == "0408" + "04504f4e47" + "616263", "answers " + Sent(zmtp));
            }
        }

        private static void AnswersPings()
        {
            var zmtp = Opened();
            var ping = Frame(4, Encoding.ASCII.GetBytes("\u0004PING\0\u000a"));
            ArraySegment<byte> head, audio;
            zmtp.Receive(ping, ping.Length);
            Program.Check(!zmtp.TryMessage(out head, out audio) && Sent(zmtp) == "0405" + "04504f4e47", "answers " + Sent(zmtp));
            zmtp.Sent(zmtp.Outgoing.Count);
            var other = Frame(4, Encoding.ASCII.GetBytes("\u0009SUBSCRIBE"));
            zmtp.Receive(other, other.Length);
            Program.Check(!zmtp.TryMessage(out head, out audio) && Sent(zmtp) == "", "answers a command that it does not know");
        }

        private static void Refuses()
        {
            var bad = new Dictionary<string, byte[]>
            {
                { "HTTP", Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request") },
                { "ZMTP 2", Join(new byte[] { 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1 }, new byte[53]) },
                { "a login", Join(new byte[] { 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0, (byte)'C', (byte)'U' }, new byte[50]) },
                { "a message before READY", Join(Greeting(), Frame(0, new byte[] { 1 })) },
                { "three parts", Join(ServerOpening, Join(Frame(1, new byte[1]), Join(Frame(1, new byte[1]), Frame(0, new byte[1])))) },
                { "a frame without end", Join(ServerOpening, new byte[] { 2, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }) },
                { "a frame of a gigabyte", Join(ServerOpening, new byte[] { 3, 0, 0, 0, 0, 0x40, 0, 0, 0 }) },
                { "flags that do not exist", Join(ServerOpening, new byte[] { 8, 0 }) },
                { "an ERROR", Join(Greeting(), Frame(4, Encoding.ASCII.GetBytes("\u0005ERROR\u0002no"))) },
                { "a PING too long", Join(ServerOpening, Frame(4, Encoding.ASCII.GetBytes("\u0004PING\0\0" + new string('x', 17)))) }
            };
            foreach (var entry in bad)
            {
                var zmtp = new Zmtp();
                var fault = Vectors.Fault(() =>
                {
                    ArraySegment<byte> head, audio;
                    zmtp.Receive(entry.Value, entry.Value.Length);
                    while (zmtp.TryMessage(out head, out audio))
                    {
                    }
                });
                Program.Check(fault != null, entry.Key + " is taken");
            }
        }

        private static void KeepsUp()
        {
            var zmtp = Opened();
            var message = Join(Frame(1, new byte[100]), Frame(0, new byte[15360]));
            ArraySegment<byte> head, audio;
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 2000; i++)
            {
                zmtp.Receive(message, message.Length);
                Program.Check(zmtp.TryMessage(out head, out audio) && audio.Count == 15360, "message " + i);
            }
            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Program.Check(taken < 1000000, "2000 messages took " + taken + " bytes");
        }

        private static Zmtp Opened()
        {
            var zmtp = new Zmtp();
            ArraySegment<byte> head, audio;
            zmtp.Receive(ServerOpening, ServerOpening.Length);
            Program.Check(!zmtp.TryMessage(out head, out audio) && zmtp.IsReady, "is not ready");
            zmtp.Sent(zmtp.Outgoing.Count);
            return zmtp;
        }

        private static byte[] Greeting()
        {
            var greeting = new byte[64];
            new byte[] { 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1 }.CopyTo(greeting, 0);
            Encoding.ASCII.GetBytes("NULL").CopyTo(greeting, 12);
            return greeting;
        }

        private static byte[] Opening()
        {
            return Join(Greeting(), Frame(4, Encoding.ASCII.GetBytes("\u0005READY\u000bSocket-Type\0\0\0\u0006ROUTER\u0008Identity\0\0\0\0")));
        }

        private static byte[] Frame(int flags, byte[] body)
        {
            var head = new List<byte> { (byte)(body.Length > 255 ? flags | 2 : flags) };
            for (var shift = body.Length > 255 ? 56 : 0; shift >= 0; shift -= 8) head.Add((byte)((long)body.Length >> shift));
            return Join(head.ToArray(), body);
        }

        private static byte[] Join(byte[] one, byte[] other)
        {
            var both = new List<byte>(one);
            both.AddRange(other);
            return both.ToArray();
        }

        private static string Sent(Zmtp zmtp)
        {
            var outgoing = new byte[zmtp.Outgoing.Count];
            Buffer.BlockCopy(zmtp.Outgoing.Array, 0, outgoing, 0, outgoing.Length);
            return Program.Hex(outgoing);
        }
    }
}
