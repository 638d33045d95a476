using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>
    /// A session on an Ambiome server, for a game: tell it the world, and let the audio thread call <see cref="Fill"/>.
    /// </summary>
    /// <remarks>
    /// A thread of its own owns the socket, decodes, and keeps the sound that waits filled. The game's calls put something into
    /// a queue or take something out of one, without a lock; none of them throws, and what is wrong with what was told comes
    /// back as a <see cref="Notice"/>. A server that is not there, or goes away, is
    /// tried every second; when it is back the sound goes on at the next sample, or, if it has lost the session, in the same
    /// world. Make one for each listener. A client that was disposed of cannot be started again: make another.
    /// </remarks>
    public sealed class Client : IDisposable
    {
        private const int PollMs = 4, ByeMs = 100, JoinMs = 1000;
        private const int MostNotices = 256, MostCommands = 1024;

        private readonly ClientOptions _options;
        private readonly Connection _connection;
        private readonly Playback _playback;
        private readonly object _lock = new object();
        private readonly ConcurrentQueue<Map> _commands = new ConcurrentQueue<Map>();
        private readonly ConcurrentQueue<Notice> _notices = new ConcurrentQueue<Notice>();
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private readonly ManualResetEvent _stop = new ManualResetEvent(false);
        private Thread _thread;
        private Dealer _dealer;
        private long _underrunsSaid;
        private volatile bool _saidFull;
        private volatile bool _isPaused;
        private volatile bool _isStopping;
        private volatile ClientState _state = ClientState.Idle;

        /// <summary>Makes one; nothing happens before <see cref="Start"/>.</summary>
        public Client(ClientOptions options)
        {
            _options = (options ?? new ClientOptions()).Checked();
            _playback = new Playback(_options.BufferSteps - 1);
            _connection = new Connection(_options, _playback);
        }

        /// <summary>Where it stands. Any thread.</summary>
        public ClientState State
        {
            get { return _state; }
        }

        /// <summary>What makes others owners of the zone too, in hexadecimal; empty for who is none. Any thread.</summary>
        public string ZoneKey
        {
            get
            {
                var key = _connection.ZoneKey;
                return key == null ? "" : BitConverter.ToString(key).Replace("-", "").ToLowerInvariant();
            }
        }

        /// <summary>Seconds of sound that wait to be played. Any thread.</summary>
        public double BufferedS
        {
            get { return _playback.Waiting / (double)Audio.RateHz; }
        }

        /// <summary>Times that there was nothing to play, since it was made. Any thread.</summary>
        public long Underruns
        {
            get { return _playback.Underruns; }
        }

        /// <summary>Seconds of the session's sound played so far. Any thread.</summary>
        public double PlayedS
        {
            get { return _playback.Played / (double)Audio.RateHz; }
        }

        /// <summary>Starts the thread, which looks for the server. A second call does nothing.</summary>
        public void Start()
        {
            lock (_lock)
            {
                if (_thread != null || _isStopping) return;
                _state = ClientState.Connecting;
                _thread = new Thread(Run) { IsBackground = true, Name = "Ambiome" };
                _thread.Start();
            }
        }

        /// <summary>
        /// Changes the world: a map of the groups <c>weather</c>, <c>location</c>, <c>time</c> and <c>listener</c>, each a map of
        /// fields as in SPEC.md; null makes a field derived. The maps are copied.
        /// </summary>
        /// <param name="world">What changes.</param>
        /// <param name="transitionS">How long it takes, in seconds, 0 to 600; below 0: as in nature.</param>
        /// <param name="cut">Whether the scene snaps to it at once: a teleport, a cut of the picture.</param>
        public void World(Map world, double transitionS = -1, bool cut = false)
        {
            Tell("world", world, cut ? -1 : transitionS, cut);
        }

        /// <summary>Makes something happen once: <c>kind</c> and, as in SPEC.md, <c>distance_m</c>, <c>azimuth_deg</c>, <c>strength</c>.</summary>
        public void Event(Map e)
        {
            Tell("event", e, -1, false);
        }

        /// <summary>Changes the mix: <c>master_db</c>, <c>dynamics</c>, <c>voices</c>; takes seconds, or a moment if below 0.</summary>
        public void Mix(Map mix, double transitionS = -1)
        {
            Tell("mix", mix, transitionS, false);
        }

        /// <summary>
        /// Falls silent within 10 ms and lets nothing more be rendered, or goes on at the very next sample. Session time stands
        /// still meanwhile.
        /// </summary>
        public void Pause(bool paused)
        {
            _playback.IsPaused = paused;
            _isPaused = paused;
        }

        /// <summary>Takes the next notice, if there is one. At most 256 wait; the oldest are left out. Game thread.</summary>
        public bool TryNotice(out Notice notice)
        {
            return _notices.TryDequeue(out notice);
        }

        /// <summary>
        /// Fills a buffer of interleaved samples, at the output's rate and number of channels. Never waits, locks, allocates or
        /// throws; silence where there is no sound. One audio thread.
        /// </summary>
        /// <param name="data">What is filled; what was in it is overwritten.</param>
        /// <param name="channels">One gets the mean of left and right; more get these two first, and silence on the rest.</param>
        /// <param name="outputRateHz">8000 to 384000.</param>
        public void Fill(float[] data, int channels, int outputRateHz)
        {
            _playback.Fill(data, channels, outputRateHz);
        }

        /// <summary>Says bye and ends the thread, within a fraction of a second. The sound stops where it is.</summary>
        public void Dispose()
        {
            Thread thread;
            lock (_lock)
            {
                _isStopping = true;
                thread = _thread;
            }
            _stop.Set();
            if (thread != null && thread != Thread.CurrentThread) thread.Join(JoinMs);
            _state = ClientState.Closed;
        }

        private void Tell(string type, Map what, double transitionS, bool cut)
        {
            try
            {
                var change = new Map { { "type", type }, { type, Values.Copy(what ?? new Map()) } };
                if (transitionS >= 0) change["transition_s"] = transitionS;
                if (cut) change["cut"] = true;
                Values.CheckSize(change);
                var isFull = _commands.Count >= MostCommands;
                if (!isFull) _commands.Enqueue(change);
                else if (!_saidFull) Say(new Notice(NoticeKind.Error, "at_limit", "more changes at once than may wait", type));
                _saidFull = isFull;
            }
            catch (ProtocolException fault)
            {
                Say(new Notice(NoticeKind.Error, fault.Code, fault.Message, type));
            }
        }

        private void Run()
        {
            try
            {
                while (!_isStopping)
                {
                    try
                    {
                        Turn(_clock.Elapsed.TotalSeconds);
                    }
                    catch (Exception fault) when (!(fault is ThreadAbortException))
                    {
                        HangUp();
                        _connection.LinkDown("fault of the client: " + fault, _clock.Elapsed.TotalSeconds);
                        _stop.WaitOne(PollMs);
                    }
                }
                SayBye();
            }
            finally
            {
                HangUp();
            }
        }

        private void Turn(double now)
        {
            if (_connection.WantsLink(now) && _dealer == null) Dial(now);
            if (_dealer == null) _stop.WaitOne(PollMs);
            else Exchange(now);
            Obey();
            _connection.Pause(_isPaused);
            _connection.Tick(_playback.Waiting / (double)Audio.StepSamples, _playback.Underruns, now);
            Flush();
            if (_connection.TakeHangUp()) HangUp();
            Report();
        }

        private void Dial(double now)
        {
            _connection.Trying(now);
            try
            {
                _dealer = new Dealer(_options.Address, now);
            }
            catch (FormatException fault)
            {
                _connection.Fail("malformed", "address", fault.Message);
            }
        }

        private void Exchange(double now)
        {
            _dealer.Poll(PollMs, now);
            try
            {
                ArraySegment<byte> head, audio;
                while (_dealer.Zmtp.TryMessage(out head, out audio)) _connection.Receive(head, audio, now);
                if (_dealer.IsReady && _dealer.Failure == null) _connection.LinkUp(now);
            }
            catch (ProtocolException fault)
            {
                _connection.Fault(fault, now);
            }
            if (_dealer.Failure == null) return;
            var why = _dealer.Failure;
            HangUp();
            _connection.LinkDown(why, now);
        }

        private void Obey()
        {
            Map change;
            while (_commands.TryDequeue(out change)) _connection.Tell(change);
        }

        private void Flush()
        {
            if (_dealer == null) return;
            while (_connection.Outbox.Count > 0) _dealer.Zmtp.Send(_connection.Outbox.Dequeue());
            _dealer.Flush();
        }

        private void HangUp()
        {
            if (_dealer != null) _dealer.Dispose();
            _dealer = null;
        }

        private void SayBye()
        {
            _connection.Close();
            Flush();
            for (var waited = 0; _dealer != null && _dealer.Failure == null && _dealer.Zmtp.Outgoing.Count > 0 && waited < ByeMs; waited += PollMs)
                _dealer.Poll(PollMs, _clock.Elapsed.TotalSeconds);
        }

        private void Report()
        {
            switch (_connection.State)
            {
                case ConnectionState.Open:
                    _state = ClientState.Connected;
                    break;
                case ConnectionState.Failed:
                    _state = ClientState.Failed;
                    break;
                default:
                    _state = ClientState.Connecting;
                    break;
            }
            while (_connection.Notices.Count > 0) Say(_connection.Notices.Dequeue());
            var underruns = _playback.Underruns;
            if (underruns != _underrunsSaid)
                Say(new Notice(NoticeKind.Underrun, "underrun", underruns + " times there was nothing to play") { Count = underruns });
            _underrunsSaid = underruns;
        }

        private void Say(Notice notice)
        {
            Notice oldest;
            if (_notices.Count >= MostNotices) _notices.TryDequeue(out oldest);
            _notices.Enqueue(notice);
        }
    }
}
