using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome.Tests
{
    /// <summary>
    /// A game with a sound card: a thread calls Fill in real time and keeps what it got; the standard input tells what to do.
    /// </summary>
    /// <remarks>
    /// Arguments: address, options as JSON (seed, buffer_steps, telemetry_hz, rate_hz, channels, block, seconds, file). Orders, one
    /// JSON map a line: {"world": {}, "transition_s": 1, "cut": true}, {"mix": {}}, {"event": {}}, {"pause": true}, {"hammer": 9},
    /// {"wait": "Connected"} (a notice of this kind, to come), {"play": 2.5} (seconds of output from now), {"end": true}.
    /// Each is answered by a line. The last answer is the report; the samples lie in the file, float32, interleaved.
    /// </remarks>
    public static class Player
    {
        private const double PatienceS = 60;

        private static Client _client;
        private static float[] _heard;
        private static int _channels, _rateHz, _block;
        private static long _made;
        private static volatile bool _isOver;
        private static long _taken, _worstFillTicks, _worstCallTicks, _callTicks, _calls;
        private static double _lateMs;
        private static int _collections;
        private static readonly List<Notice> Notices = new List<Notice>();
        private static int _waited;

        public static void Run(string[] args)
        {
            var options = (Map)Json.Parse(args[2]);
            _channels = (int)Number(options, "channels", 2);
            _rateHz = (int)Number(options, "rate_hz", Audio.RateHz);
            _block = (int)Number(options, "block", 1024);
            _heard = new float[(long)(Number(options, "seconds", 60) * _rateHz) * _channels];
            _client = new Client(new ClientOptions
            {
                Address = args[1],
                Seed = (long)Number(options, "seed", 0),
                TelemetryHz = Number(options, "telemetry_hz", 0),
                BufferSteps = (int)Number(options, "buffer_steps", 4)
            });
            var audio = new Thread(Listen) { IsBackground = true, Priority = ThreadPriority.Highest };
            Timed(_client.Start);
            audio.Start();
            string line;
            while ((line = Console.In.ReadLine()) != null && Obey((Map)Json.Parse(line)))
            {
            }
            _isOver = true;
            audio.Join();
            var clock = Stopwatch.StartNew();
            _client.Dispose();
            Save((string)options["file"]);
            Report(clock.Elapsed.TotalSeconds);
        }

        // Like a sound card: a block is asked for when the one before it has been played; one that this thread was woken too
        // late for is lost, not asked for afterwards. What is called for the first time may cost Mono a few bytes, on whichever
        // thread comes first: memory counts from when everything here, the waiting too, has been called once.
        private static void Listen()
        {
            var data = new float[_block * _channels];
            _client.Fill(data, _channels, _rateHz);
            var clock = Stopwatch.StartNew();
            var collections = GC.CollectionCount(0);
            long before = -1, made = 0, lost = 0;
            while (!_isOver && (made + _block) * _channels <= _heard.Length)
            {
                var due = (made + lost) / (double)_rateHz - clock.Elapsed.TotalSeconds;
                if (due > 0.001) Thread.Sleep((int)(1000 * due));
                var late = (long)(-due * _rateHz) / _block;
                if (late > 0) lost += late * _block;
                var begun = clock.ElapsedTicks;
                _client.Fill(data, _channels, _rateHz);
                _worstFillTicks = Math.Max(_worstFillTicks, clock.ElapsedTicks - begun);
                Buffer.BlockCopy(data, 0, _heard, 4 * (int)(made * _channels), 4 * data.Length);
                made += _block;
                Volatile.Write(ref _made, made);
                if (before < 0 && due > 0.001) before = GC.GetAllocatedBytesForCurrentThread();
            }
            _lateMs = 1000.0 * lost / _rateHz;
            _taken = GC.GetAllocatedBytesForCurrentThread() - before;
            _collections = GC.CollectionCount(0) - collections;
        }

        private static bool Obey(Map order)
        {
            var transitionS = Number(order, "transition_s", -1);
            if (order.ContainsKey("end")) return false;
            if (order.ContainsKey("world"))
                Timed(() => _client.World((Map)order["world"], transitionS, order.ContainsKey("cut")));
            else if (order.ContainsKey("mix")) Timed(() => _client.Mix((Map)order["mix"], transitionS));
            else if (order.ContainsKey("event")) Timed(() => _client.Event((Map)order["event"]));
            else if (order.ContainsKey("pause")) Timed(() => _client.Pause((bool)order["pause"]));
            else if (order.ContainsKey("hammer")) Hammer((int)Number(order, "hammer", 0));
            else if (order.ContainsKey("wait")) Await((string)order["wait"]);
            else if (order.ContainsKey("play")) Play((long)(Number(order, "play", 0) * _rateHz));
            Console.WriteLine(Json.Write(new Map { { "at", Volatile.Read(ref _made) }, { "buffered_s", _client.BufferedS } }));
            return true;
        }

        /// <summary>Arguments: address, how often. A client is made, connects, and is disposed of, again and again.</summary>
        public static void PlayAgain(string[] args)
        {
            var data = new float[2048];
            for (var i = int.Parse(args[2]); i > 0; i--)
            {
                _client = new Client(new ClientOptions { Address = args[1] });
                _client.Fill(data, 2, Audio.RateHz);
                Program.Check(_client.State == ClientState.Idle, "is " + _client.State);
                _client.Start();
                _client.Start();
                Await("Connected opened");
                _client.Fill(data, 2, Audio.RateHz);
                var clock = Stopwatch.StartNew();
                _client.Dispose();
                _client.Dispose();
                Program.Check(clock.Elapsed.TotalSeconds < 0.9, "takes " + clock.Elapsed + " to end");
                _client.Start();
                _client.World(new Map());
                _client.Fill(data, 2, Audio.RateHz);
                Program.Check(_client.State == ClientState.Closed, "is " + _client.State);
            }
            Console.WriteLine("ok");
        }

        // A game that tells its world in each of so many pictures.
        private static void Hammer(int pictures)
        {
            for (var i = 0; i < pictures; i++)
            {
                var weather = new Map { { "weather", new Map { { "rain_mm_h", i % 50 * 1.0 } } } };
                Timed(() => _client.World(weather));
                Timed(() => _client.Event(new Map { { "kind", "gust" } }));
                Collect();
            }
        }

        private static void Await(string kind)
        {
            for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < PatienceS; Thread.Sleep(2))
            {
                Collect();
                for (; _waited < Notices.Count; _waited++)
                    if (Notices[_waited].Kind + " " + Notices[_waited].Code == kind || Notices[_waited].Kind.ToString() == kind)
                    {
                        _waited++;
                        return;
                    }
            }
            throw new CheckFailed("no notice " + kind + " came; " + string.Join("; ", Notices.ConvertAll(notice => notice.ToString())));
        }

        private static void Play(long frames)
        {
            for (var until = Volatile.Read(ref _made) + frames; Volatile.Read(ref _made) < until; Thread.Sleep(2)) Collect();
        }

        private static void Collect()
        {
            Notice notice;
            for (var isThere = true; isThere;)
            {
                var begun = Stopwatch.GetTimestamp();
                isThere = _client.TryNotice(out notice);
                Count(begun);
                if (isThere) Notices.Add(notice);
            }
        }

        private static void Timed(Action act)
        {
            var begun = Stopwatch.GetTimestamp();
            act();
            Count(begun);
        }

        private static void Count(long begun)
        {
            var ticks = Stopwatch.GetTimestamp() - begun;
            _worstCallTicks = Math.Max(_worstCallTicks, ticks);
            _callTicks += ticks;
            _calls++;
        }

        private static void Save(string path)
        {
            var bytes = new byte[4 * _made * _channels];
            Buffer.BlockCopy(_heard, 0, bytes, 0, bytes.Length);
            File.WriteAllBytes(path, bytes);
        }

        private static void Report(double disposeS)
        {
            Collect();
            var notices = Notices.ConvertAll<object>(notice => new Map
            {
                { "kind", notice.Kind.ToString() }, { "code", notice.Code }, { "field", notice.Field }, { "detail", notice.Detail },
                { "values", notice.Values }, { "targets", notice.Targets }
            });
            Console.WriteLine(Json.Write(new Map
            {
                { "frames", _made }, { "underruns", _client.Underruns }, { "audio_thread_bytes", _taken }, { "gen0", _collections },
                { "worst_fill_ms", 1000.0 * _worstFillTicks / Stopwatch.Frequency },
                { "worst_call_ms", 1000.0 * _worstCallTicks / Stopwatch.Frequency },
                { "mean_call_ms", 1000.0 * _callTicks / Stopwatch.Frequency / _calls }, { "calls", _calls }, { "card_late_ms", _lateMs },
                { "dispose_s", disposeS }, { "state", _client.State.ToString() }, { "notices", notices }
            }));
        }

        private static double Number(Map map, string key, double without)
        {
            object value;
            return map.TryGetValue(key, out value) ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : without;
        }
    }
}
