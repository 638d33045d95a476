using System;
using System.Collections.Generic;
using System.Linq;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome.Tests
{
    /// <summary>The connection's table of states and events, without socket or clock: what goes in, what comes out.</summary>
    public static class Rules
    {
        private sealed class Heard : IFrames
        {
            public readonly List<float> Firsts = new List<float>();

            public bool Write(float[] interleaved, int frames)
            {
                Firsts.Add(interleaved[0]);
                return true;
            }

            public void MarkSeam()
            {
                Firsts.Add(float.NaN);
            }

            public override string ToString()
            {
                return string.Join(" ", Firsts.Select(first => float.IsNaN(first) ? "|" : first.ToString()));
            }
        }

        private sealed class Bench
        {
            public readonly Heard Heard = new Heard();
            public readonly Connection Connection;
            public double Now;
            private long _arrived;

            public Bench(string zone = "", string zoneKey = "")
            {
                Connection = new Connection(new ClientOptions { Seed = 7, TelemetryHz = 4, Zone = zone, ZoneKey = zoneKey }, Heard);
            }

            public void Link()
            {
                Program.Check(Connection.WantsLink(Now), "wants no link");
                Connection.Trying(Now);
                Connection.LinkUp(Now);
            }

            public void Welcome(long nextStep = 0, bool isResumed = false, long lastSeq = 0, string version = "1.0", long channels = 2, byte[] zoneKey = null)
            {
                _arrived = nextStep;
                var welcome = new Map
                {
                    { "type", "welcome" }, { "version", version }, { "session", "s" }, { "resume", new byte[16] }, { "next_step", nextStep },
                    { "seed", 7L }, { "layout", "stereo" }, { "format", "f32le" }, { "pace", "live" }, { "channels", channels },
                    { "sample_rate_hz", 48000L }, { "step_samples", 1920L }, { "max_outstanding_steps", 25L }, { "sound_version", 1L },
                    { "resumed", isResumed }, { "last_seq", lastSeq }
                };
                if (zoneKey != null) welcome["zone_key"] = zoneKey;
                Give(welcome);
            }

            public void Frames(int count, long appliedSeq = 0)
            {
                for (; count > 0; count--) Frame(_arrived++, appliedSeq);
            }

            public void Frame(long step, long appliedSeq, int bytes = 15360)
            {
                var audio = new byte[bytes];
                if (bytes > 0) BitConverter.GetBytes((float)step / 1000).CopyTo(audio, 0);
                Give(new Map { { "type", "frame" }, { "step", step }, { "applied_seq", appliedSeq }, { "layout", "stereo" }, { "format", "f32le" } }, audio);
            }

            public void Error(string code, long seq = 0, string field = "", string allowed = "")
            {
                Give(new Map { { "type", "error" }, { "code", code }, { "detail", "since" }, { "seq", seq }, { "field", field }, { "allowed", allowed } });
            }

            public void Give(Map message, byte[] audio = null)
            {
                Give(Msgpack.Encode(message), audio);
            }

            public void Give(byte[] head, byte[] audio = null)
            {
                Connection.Receive(new ArraySegment<byte>(head), audio == null ? default(ArraySegment<byte>) : new ArraySegment<byte>(audio), Now);
            }

            public void Rain(double rain)
            {
                Connection.Tell(new Map { { "type", "world" }, { "world", new Map { { "weather", new Map { { "rain_mm_h", rain } } } } } });
            }

            public void Tick(double waitingSteps = 0)
            {
                Connection.Tick(waitingSteps, 0, Now);
            }

            public string Out()
            {
                var told = new List<string>();
                while (Connection.Outbox.Count > 0) told.Add(Shown(Msgpack.Decode(Connection.Outbox.Dequeue(), Limits.Client)));
                return string.Join("; ", told);
            }

            public string Said()
            {
                var said = new List<string>();
                while (Connection.Notices.Count > 0)
                {
                    var notice = Connection.Notices.Dequeue();
                    said.Add(notice.Kind + " " + notice.Code);
                }
                return string.Join("; ", said);
            }

            private static string Shown(Map message)
            {
                var type = (string)message["type"];
                message.Remove("type");
                if (message.ContainsKey("resume")) message["resume"] = "token";
                if (message.ContainsKey("zone_key")) message["zone_key"] = BitConverter.ToString((byte[])message["zone_key"]);
                if (type == "credit") return "credit " + message["until_step"];
                return type + " " + Json.Write(message).Replace("\"", "");
            }
        }

        public static void Run(string[] args)
        {
            Opens();
            GrantsAsItIsPlayed();
            Resumes();
            TellsAnewAfterARestart();
            TurnsTheClock();
            ForgetsWhatWasRefused();
            Refusals();
            Losses();
            WaitsAndMerges();
            JoinsAZone();
            OwnsAZone();
            OutlivesNoZone();
            for (var seed = 0; seed < 300; seed++) Storm(seed);
            Console.WriteLine("ok");
        }

        private static Bench Opened()
        {
            var bench = new Bench();
            bench.Link();
            bench.Welcome();
            bench.Tick();
            bench.Out();
            bench.Said();
            return bench;
        }

        private static void Opens()
        {
            var bench = new Bench();
            bench.Rain(4);
            bench.Link();
            Is(bench.Out(), "hello {version: 1.0, seed: 7, telemetry_hz: 4.0}");
            bench.Frame(0, 0);
            bench.Welcome();
            bench.Tick();
            Is(bench.Out(), "world {world: {weather: {rain_mm_h: 4.0}}, seq: 1}; credit 4");
            Is(bench.Said(), "Connected opened");
            bench.Rain(5);
            Is(bench.Out(), "world {world: {weather: {rain_mm_h: 5.0}}, seq: 2}");
            bench.Connection.Close();
            Is(bench.Out(), "bye {}");
            bench = new Bench();
            bench.Link();
            bench.Connection.Close();
            Is(bench.Out(), "hello {version: 1.0, seed: 7, telemetry_hz: 4.0}; bye {}");
        }

        private static void JoinsAZone()
        {
            var bench = new Bench("tavern");
            bench.Link();
            Is(bench.Out(), "hello {version: 1.0, seed: 7, telemetry_hz: 4.0, zone: tavern}");
            bench.Welcome(195);
            bench.Rain(4);
            bench.Tick();
            Is(bench.Out(), "credit 199");
            bench.Frames(1);
            bench.Give(new Map { { "type", "warning" }, { "code", "skipped" }, { "detail", "" }, { "from_step", 196L }, { "next_step", 300L } });
            bench.Tick();
            Is(bench.Out(), "credit 304");
            bench.Frame(300, 0);
            bench.Now = 5;
            bench.Connection.LinkDown("cut", bench.Now);
            bench.Link();
            Is(bench.Out(), "hello {version: 1.0, seed: 7, telemetry_hz: 4.0, zone: tavern, resume: token, next_step: 301}");
            bench.Welcome(400, true);
            bench.Frame(400, 0);
            Is(bench.Heard.ToString(), "0.195 | 0.3 | 0.4");
            bench.Said();
            bench.Error("unknown_session");
            bench.Connection.TakeHangUp();
            bench.Now = 9;
            bench.Link();
            bench.Error("bad_resume");
            bench.Connection.TakeHangUp();
            bench.Link();
            bench.Out();
            bench.Welcome(0, false, 0, "1.0", 2, new byte[16]);
            Is(bench.Out(), "world {world: {weather: {rain_mm_h: 4.0}}, cut: true, seq: 2}");
            Program.Check(bench.Connection.ZoneKey.Length == 16, "does not know its key");
        }

        private static void OwnsAZone()
        {
            var bench = new Bench("tavern", "000102030405060708090a0b0c0d0e0F");
            bench.Link();
            Is(bench.Out(), "hello {version: 1.0, seed: 7, telemetry_hz: 4.0, zone: tavern, zone_key: 00-01-02-03-04-05-06-07-08-09-0A-0B-0C-0D-0E-0F}");
            bench.Welcome(0, false, 0, "1.0", 2, new byte[16]);
            bench.Connection.Tell(new Map { { "type", "world" }, { "world", new Map { { "listener", new Map { { "heading_deg", 90L } } } } } });
            bench.Rain(4);
            Is(bench.Out(), "world {world: {weather: {rain_mm_h: 4.0}}, seq: 1}");
        }

        private static void OutlivesNoZone()
        {
            var bench = new Bench("tavern");
            bench.Link();
            bench.Welcome();
            bench.Said();
            bench.Give(new Map { { "type", "bye" }, { "reason", "zone_ended" } });
            Is(bench.Said(), "Error zone_ended");
            Program.Check(bench.Connection.State == ConnectionState.Failed && bench.Connection.TakeHangUp(), "goes on without its zone");
        }

        private static void GrantsAsItIsPlayed()
        {
            var bench = Opened();
            bench.Frames(4);
            bench.Tick(4);
            bench.Tick(3.1);
            Is(bench.Out(), "");
            bench.Tick(3.0);
            Is(bench.Out(), "credit 5");
            bench.Frames(1);
            bench.Connection.Pause(true);
            bench.Tick(0);
            Is(bench.Out(), "");
            bench.Now = 1.1;
            bench.Tick(0);
            Is(bench.Out(), "credit 5");
            bench.Connection.Pause(false);
            bench.Tick(4);
            Is(bench.Out(), "");
            bench.Tick(2.2);
            Is(bench.Out(), "credit 6");
            Is(bench.Heard.ToString(), "0 0.001 0.002 0.003 0.004");
        }

        private static void Resumes()
        {
            var bench = Opened();
            bench.Rain(1);
            bench.Rain(2);
            bench.Frames(2, 1);
            bench.Now = 5;
            bench.Connection.LinkDown("cut", bench.Now);
            Is(bench.Said(), "Disconnected lost");
            bench.Rain(3);
            bench.Out();
            bench.Link();
            Is(bench.Out(), "hello {version: 1.0, seed: 7, telemetry_hz: 4.0, resume: token, next_step: 2}");
            bench.Welcome(2, true, 1);
            bench.Tick();
            Is(bench.Out(), "world {world: {weather: {rain_mm_h: 2.0}}, seq: 2}; world {world: {weather: {rain_mm_h: 3.0}}, seq: 3}; credit 6");
            Is(bench.Said(), "Connected resumed");
            bench.Frames(1, 3);
            Is(bench.Heard.ToString(), "0 0.001 0.002");
            bench.Give(new Map { { "type", "warning" }, { "code", "repeated" }, { "detail", "" }, { "seq", 2L } });
            bench.Give(new Map { { "type", "warning" }, { "code", "behind" }, { "detail", "" } });
            Is(bench.Said(), "Warning behind");
        }

        private static void TellsAnewAfterARestart()
        {
            var bench = Opened();
            bench.Rain(1);
            bench.Connection.Tell(Feature("a", 10));
            bench.Connection.Tell(Feature("b", 20));
            bench.Connection.Tell(Feature("a", 30));
            bench.Connection.Tell(new Map { { "type", "mix" }, { "mix", new Map { { "master_db", -6L } } } });
            bench.Connection.Tell(new Map { { "type", "event" }, { "event", new Map { { "kind", "gust" } } } });
            bench.Frames(3, 6);
            bench.Rain(2);
            bench.Now = 9;
            bench.Out();
            bench.Said();
            bench.Error("unknown_session");
            Program.Check(bench.Connection.TakeHangUp() && !bench.Connection.TakeHangUp(), "does not hang up");
            bench.Link();
            bench.Error("bad_resume", 0, "resume");
            Program.Check(bench.Connection.TakeHangUp(), "does not hang up after bad_resume");
            bench.Out();
            bench.Link();
            Is(bench.Out(), "hello {version: 1.0, seed: 7, telemetry_hz: 4.0}");
            bench.Welcome();
            bench.Tick(2);
            Is(bench.Out(), "world {world: {weather: {rain_mm_h: 1.0}, location: {features: [{id: a, kind: stream, distance_m: 30}, "
                + "{id: b, kind: stream, distance_m: 20}]}}, cut: true, seq: 8}; mix {mix: {master_db: -6}, seq: 9}; "
                + "world {world: {weather: {rain_mm_h: 2.0}}, seq: 10}; credit 2");
            Is(bench.Said(), "Disconnected lost; Connected restarted");
            bench.Frames(1);
            Is(bench.Heard.ToString(), "0 0.001 0.002 | 0");
        }

        private static void TurnsTheClock()
        {
            var bench = Opened();
            var time = new Map { { "hour", 23L }, { "rate", 3600L } };
            bench.Connection.Tell(new Map { { "type", "world" }, { "world", new Map { { "time", time } } } });
            bench.Frame(0, 1);
            for (var step = 1; step < 50; step++) bench.Frame(step, 1);
            bench.Now = 5;
            bench.Connection.LinkDown("cut", bench.Now);
            bench.Link();
            bench.Error("bad_resume", 0, "resume");
            bench.Connection.TakeHangUp();
            bench.Link();
            bench.Out();
            bench.Welcome();
            Is(bench.Out(), "world {world: {time: {hour: 1.0, rate: 3600}}, cut: true, seq: 2}");
        }

        private static void ForgetsWhatWasRefused()
        {
            var bench = Opened();
            bench.Rain(1);
            bench.Rain(9999);
            bench.Error("out_of_range", 2, "world.weather.rain_mm_h");
            Is(bench.Said(), "Error out_of_range");
            bench.Frames(1, 1);
            bench.Now = 5;
            bench.Connection.LinkDown("cut", bench.Now);
            bench.Link();
            bench.Out();
            bench.Welcome(1, true, 1);
            Is(bench.Out(), "");
        }

        private static void Refusals()
        {
            var bench = new Bench();
            bench.Link();
            bench.Error("version", 0, "version", "2.x; this is 2.3");
            var notice = bench.Connection.Notices.Peek();
            Program.Check(notice.Detail.Contains("1.0") && notice.Detail.Contains("2.3"), notice.Detail);
            Is(bench.Connection.State + " " + bench.Said(), "Failed Error version");
            bench = new Bench();
            bench.Link();
            bench.Welcome(0, false, 0, "2.1");
            Is(bench.Connection.State + " " + bench.Said(), "Failed Error version");
            bench = new Bench();
            bench.Link();
            bench.Error("out_of_range", 0, "seed");
            Is(bench.Connection.State + " " + bench.Said(), "Failed Error out_of_range");
            bench = new Bench();
            for (var attempt = 0; attempt < 3; attempt++, bench.Now += 1)
            {
                bench.Link();
                bench.Error("busy");
                Program.Check(bench.Connection.TakeHangUp() && !bench.Connection.WantsLink(bench.Now + 0.9), "tries again too soon");
            }
            Is(bench.Connection.State + " " + bench.Said(), "Waiting Error busy; Disconnected unreachable");
        }

        private static void Losses()
        {
            var never = new Bench();
            for (var attempt = 0; attempt < 3; attempt++, never.Now += 1)
            {
                Program.Check(never.Connection.WantsLink(never.Now), "does not try");
                never.Connection.Trying(never.Now);
                never.Connection.LinkDown("refused", never.Now);
                Program.Check(!never.Connection.WantsLink(never.Now + 0.9), "tries again too soon");
            }
            Is(never.Said(), "Disconnected unreachable");
            Lost("a gap", bench => bench.Frame(1, 0), "Disconnected lost");
            Lost("bye", bench => bench.Give(new Map { { "type", "bye" }, { "reason", "shutdown" } }), "Disconnected lost");
            Lost("internal", bench => bench.Error("internal"), "Disconnected lost");
            Lost("no audio", bench => bench.Frame(0, 0, 0), "Error malformed; Disconnected lost");
            Lost("short audio", bench => bench.Frame(0, 0, 800), "Error malformed; Disconnected lost");
            Lost("rubbish", bench => bench.Give(new byte[] { 0xc1 }), "Error malformed; Disconnected lost");
            Lost("silence", bench =>
            {
                for (bench.Now = 6; bench.Now < 18; bench.Now += 1) bench.Tick();
            }, "Disconnected lost");
        }

        private static void Lost(string what, Action<Bench> how, string said)
        {
            var bench = Opened();
            bench.Now = 5;
            how(bench);
            Is(what + ": " + bench.Connection.State + " " + bench.Said(), what + ": Waiting " + said);
            Program.Check(bench.Connection.TakeHangUp(), what + ": does not hang up");
            Program.Check(bench.Connection.WantsLink(bench.Now), what + ": does not connect at once");
        }

        private static void WaitsAndMerges()
        {
            var bench = new Bench();
            for (var i = 0; i < 5000; i++) bench.Rain(i);
            for (var i = 0; i < 5000; i++) bench.Connection.Tell(Feature(i % 2 == 0 ? "a" : "b", i));
            bench.Link();
            bench.Out();
            bench.Welcome();
            Is(bench.Out(), "world {world: {weather: {rain_mm_h: 4999.0}}, seq: 1}; "
                + "world {world: {location: {feature_set: {id: a, kind: stream, distance_m: 4998}}}, seq: 2}; "
                + "world {world: {location: {feature_set: {id: b, kind: stream, distance_m: 4999}}}, seq: 3}");
            for (var i = 0; i < 5000; i++) bench.Rain(i);
            Program.Check(bench.Out().Split(';').Length == 125, "sends more than may wait");
            bench.Frames(1, 100);
            Program.Check(bench.Out().EndsWith("rain_mm_h: 4999.0}}, seq: 129}"), "does not send what waited");
            for (var i = 0; i < 2000; i++) bench.Connection.Tell(new Map { { "type", "event" }, { "event", new Map { { "kind", "gust" } } } });
            Program.Check(bench.Said().Contains("Error at_limit"), "keeps events without end");
        }

        // A server, a link and a game that do anything in any order: nothing is thrown, and hello is the first word on each link.
        private static void Storm(int seed)
        {
            var random = new Random(seed);
            var bench = new Bench();
            var isFirst = false;
            string[] errors = { "unknown_session", "bad_resume", "busy", "internal", "out_of_range", "credit", "malformed", "already_open" };
            for (var i = 0; i < 300; i++, bench.Now += random.NextDouble())
            {
                switch (random.Next(12))
                {
                    case 0:
                        if (!bench.Connection.WantsLink(bench.Now)) break;
                        bench.Connection.TakeHangUp();
                        bench.Link();
                        isFirst = true;
                        break;
                    case 1:
                        if (bench.Connection.State == ConnectionState.Greeting && random.Next(4) > 0)
                            bench.Welcome(random.Next(3), random.Next(2) == 0, random.Next(9));
                        else bench.Welcome(random.Next(100), random.Next(2) == 0, 0, random.Next(99) == 0 ? "7.1" : "1.4", random.Next(20) == 0 ? 4 : 2);
                        break;
                    case 2:
                        bench.Error(errors[random.Next(errors.Length)], random.Next(20));
                        break;
                    case 3:
                        bench.Frame(random.Next(10), random.Next(30), random.Next(20) == 0 ? 17 : 15360);
                        break;
                    case 4:
                        bench.Connection.LinkDown("storm", bench.Now);
                        break;
                    case 5:
                        var junk = new byte[random.Next(40)];
                        random.NextBytes(junk);
                        if (random.Next(9) == 0) bench.Give(junk);
                        break;
                    case 6:
                        bench.Connection.Tell(Feature("f" + random.Next(3), random.Next(100)));
                        break;
                    case 7:
                        bench.Rain(random.Next(100));
                        break;
                    case 8:
                        bench.Connection.Pause(random.Next(2) == 0);
                        break;
                    default:
                        bench.Frames(random.Next(3), random.Next(30));
                        break;
                }
                bench.Tick(4 * random.NextDouble());
                if (bench.Connection.TakeHangUp()) isFirst = false;
                var told = bench.Out();
                Program.Check(told == "" || !isFirst || told.StartsWith("hello {version"), "seed " + seed + ": says first " + told);
                if (told != "") isFirst = false;
                if (bench.Connection.State == ConnectionState.Failed) bench = new Bench { Now = bench.Now };
            }
        }

        private static Map Feature(string id, int distance)
        {
            var feature = new Map { { "id", id }, { "kind", "stream" }, { "distance_m", (long)distance } };
            return new Map { { "type", "world" }, { "world", new Map { { "location", new Map { { "feature_set", feature } } } } } };
        }

        private static void Is(string found, string wanted)
        {
            Program.Check(found == wanted, "\n  found  " + found + "\n  wanted " + wanted);
        }
    }
}
