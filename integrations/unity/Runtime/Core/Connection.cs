using System;
using System.Collections.Generic;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>Where a <see cref="Connection"/> stands.</summary>
    public enum ConnectionState
    {
        /// <summary>Has no link that it may use.</summary>
        Waiting,

        /// <summary>Has said hello.</summary>
        Greeting,

        /// <summary>Has a session.</summary>
        Open,

        /// <summary>Has given up.</summary>
        Failed,

        /// <summary>Has said bye.</summary>
        Closed
    }

    /// <summary>Where the sound of frames goes.</summary>
    public interface IFrames
    {
        /// <summary>Takes interleaved stereo frames; false if there is no room.</summary>
        bool Write(float[] interleaved, int frames);

        /// <summary>What comes next does not go on where the last frame ended.</summary>
        void MarkSeam();
    }

    /// <summary>
    /// The client's side of a session, without socket, thread or clock: messages and the time (seconds of any steady clock) go
    /// in, messages come out.
    /// </summary>
    /// <remarks>
    /// The rules, as (state, what happens) → what is done, and the state after it:
    ///
    ///   waiting   RETRY_S after the last attempt          asks for a new link (<see cref="WantsLink"/>)             → waiting
    ///   waiting   the link is up                          hello, with the resume token if there is one              → greeting
    ///   greeting  welcome, resumed                        sends again what was not heard, grants credit             → open
    ///   greeting  welcome, of a new session               after a lost one: seam, tells the world; grants credit    → open
    ///   greeting  error version, or any not named here    says so; no sense in trying again                         → failed
    ///   greeting  error bad_resume, unknown_session       drops the token; new link at once                         → waiting
    ///   greeting  error busy, internal                    says so, once; new link after RETRY_S                     → waiting
    ///   greeting  no answer for RESUME_S (with a token), ANSWER_S (without): new link                               → waiting
    ///   open      frame                                   hands it on if it is the next one; after a gap: lost      → open
    ///   open      scene, warning                          says so                                                   → open
    ///   open      error unknown_session, internal; bye    lost: new link, hello with the token                      → waiting
    ///   open      any other error                         says so; that change is not told again                    → open
    ///   open      warning skipped                         (in a zone) seam; goes on at the step that it names       → open
    ///   open      bye zone_ended                          says so: another hello would open a zone anew             → failed
    ///   open      ANSWER_S without a word though frames are owed: lost                                              → waiting
    ///   any       the link is down                        lost; new link after RETRY_S                              → waiting
    ///   any       bytes that the protocol does not allow  says so, once; lost                                       → waiting
    ///   any       close                                   bye, if open                                              → closed
    ///
    /// In a zone only owners tell the world: what a game tells that is none is kept, and told should this client have to open
    /// the zone again. A heading would turn all who listen; it is left out.
    ///
    /// "New link" means that <see cref="TakeHangUp"/> is true once: the shell hangs up, and connects again when
    /// <see cref="WantsLink"/> says so. Nothing meant for a dead server reaches its heir, and hello comes first.
    /// </remarks>
    public sealed class Connection
    {
        /// <summary>Two attempts to reach the server lie so far apart, in seconds.</summary>
        public const double RetryS = 1;

        private const double AnswerS = 10, ResumeS = 2;
        private const string Version = "1.0", Major = "1";
        private const int Channels = 2;

        private readonly ClientOptions _options;
        private readonly IFrames _frames;
        private readonly Ledger _ledger;
        private readonly Told _told = new Told();
        private readonly float[] _samples = new float[Channels * Audio.StepSamples];
        private byte[] _token;
        private volatile byte[] _zoneKey;
        private bool _hadSession;
        private bool _isHangUp;
        private bool _isAway;
        private bool _saidFull;
        private string _saidFault = "";
        private double _triedAt = double.NegativeInfinity;
        private double _retryAt = double.NegativeInfinity;
        private double _helloAt;
        private double _heardAt;

        /// <summary>Begins without a link.</summary>
        public Connection(ClientOptions options, IFrames frames)
        {
            _options = options.Checked();
            _frames = frames;
            _ledger = new Ledger(_options.BufferSteps);
            Outbox = new Queue<byte[]>();
            Notices = new Queue<Notice>();
        }

        /// <summary>Where it stands.</summary>
        public ConnectionState State { get; private set; }

        /// <summary>The messages that are to be sent over the link at hand, in order.</summary>
        public Queue<byte[]> Outbox { get; private set; }

        /// <summary>What the game should know of, in order.</summary>
        public Queue<Notice> Notices { get; private set; }

        /// <summary>What makes others owners of the zone too; null for who is none, and outside of zones. Any thread.</summary>
        public byte[] ZoneKey
        {
            get { return _zoneKey; }
        }

        private bool IsInZone
        {
            get { return _options.Zone != ""; }
        }

        /// <summary>Whether it is time to make a new link. The shell says <see cref="Trying"/> when it does.</summary>
        public bool WantsLink(double now)
        {
            return State == ConnectionState.Waiting && now >= _retryAt;
        }

        /// <summary>A new link is being made.</summary>
        public void Trying(double now)
        {
            _triedAt = now;
            _retryAt = now + RetryS;
        }

        /// <summary>Whether the link at hand is to be hung up; true once.</summary>
        public bool TakeHangUp()
        {
            var isHangUp = _isHangUp;
            _isHangUp = false;
            return isHangUp;
        }

        /// <summary>The link is up: messages may be sent.</summary>
        public void LinkUp(double now)
        {
            if (State != ConnectionState.Waiting || _isHangUp) return;
            var hello = new Map { { "type", "hello" }, { "version", Version }, { "seed", _options.Seed } };
            if (_options.TelemetryHz > 0) hello["telemetry_hz"] = _options.TelemetryHz;
            if (_options.IsNeural) hello["renderer"] = "neural";
            if (IsInZone) hello["zone"] = _options.Zone;
            if (_zoneKey != null) hello["zone_key"] = _zoneKey;
            else if (_options.ZoneKey != "") hello["zone_key"] = Values.OfHex(_options.ZoneKey);
            if (_token != null)
            {
                hello["resume"] = _token;
                hello["next_step"] = _ledger.Arrived;
            }
            State = ConnectionState.Greeting;
            _helloAt = _heardAt = now;
            Outbox.Clear();
            Send(hello);
        }

        /// <summary>The link is down, or could not be made.</summary>
        public void LinkDown(string why, double now)
        {
            if (State != ConnectionState.Failed && State != ConnectionState.Closed) Lose(why, now);
            _isHangUp = false;
        }

        /// <summary>Tells a change: a map with <c>type</c> and <c>world</c>, <c>event</c> or <c>mix</c>, which is kept.</summary>
        public void Tell(Map change)
        {
            var world = Values.Get(change, "world");
            if (IsInZone && world != null && world.Remove("listener") && world.Count == 0) return;
            if (!_told.Add(change) && !_saidFull)
            {
                _saidFull = true;
                Say(new Notice(NoticeKind.Error, "at_limit", "more changes than may wait for a server: the oldest are left out"));
            }
            if (State == ConnectionState.Open) SendTold();
        }

        /// <summary>Grants nothing more, or goes on.</summary>
        public void Pause(bool isPaused)
        {
            _ledger.IsPaused = isPaused;
        }

        /// <summary>Does what is due: <paramref name="waitingSteps"/> steps wait to be played.</summary>
        public void Tick(double waitingSteps, long underruns, double now)
        {
            if (State == ConnectionState.Greeting && now >= _helloAt + (_token == null ? AnswerS : ResumeS))
                Lose(_options.Address + " does not answer", now);
            if (State != ConnectionState.Open) return;
            var wasOwed = _ledger.IsOwed;
            if (_ledger.IsDue(waitingSteps, now)) SendCredit(waitingSteps, underruns);
            if (!wasOwed) _heardAt = now;
            else if (now >= _heardAt + AnswerS) Lose(_options.Address + " owes frames and is silent", now);
        }

        /// <summary>Takes a message of the server. <paramref name="audio"/> has no array if there was one part.</summary>
        public void Receive(ArraySegment<byte> head, ArraySegment<byte> audio, double now)
        {
            _heardAt = now;
            if (State != ConnectionState.Greeting && State != ConnectionState.Open) return;
            try
            {
                var message = ServerMessage.Read(head);
                var type = ServerMessage.Text(message, "type");
                if (State == ConnectionState.Greeting) ReceiveGreeting(type, message, now);
                else ReceiveOpen(type, message, audio, now);
            }
            catch (ProtocolException fault)
            {
                Fault(fault, now);
            }
        }

        /// <summary>The server sent what the protocol does not allow.</summary>
        public void Fault(ProtocolException fault, double now)
        {
            var detail = _options.Address + " breaks the protocol: " + fault.Message;
            SayOnce(new Notice(NoticeKind.Error, fault.Code, detail, fault.Field));
            Lose(detail, now);
        }

        /// <summary>Gives up, for a reason that the shell knows.</summary>
        public void Fail(string code, string field, string detail)
        {
            Say(new Notice(NoticeKind.Error, code, detail, field));
            State = ConnectionState.Failed;
            _isHangUp = true;
            Outbox.Clear();
        }

        /// <summary>Says bye, also to a server that has not answered yet: it would keep the session for a while.</summary>
        public void Close()
        {
            if (State != ConnectionState.Greeting) Outbox.Clear();
            if (State == ConnectionState.Open || State == ConnectionState.Greeting) Send(new Map { { "type", "bye" } });
            State = ConnectionState.Closed;
        }

        private void ReceiveGreeting(string type, Map message, double now)
        {
            if (type == "welcome") Welcome(message);
            else if (type == "error") RefuseHello(message, now);
        }

        private void ReceiveOpen(string type, Map message, ArraySegment<byte> audio, double now)
        {
            switch (type)
            {
                case "frame":
                    Frame(message, audio, now);
                    break;
                case "scene":
                    Scene(message);
                    break;
                case "warning":
                    if (ServerMessage.Text(message, "code") != "repeated" || ServerMessage.Whole(message, "seq") > _told.Resent)
                        Say(new Notice(NoticeKind.Warning, ServerMessage.Text(message, "code"), ServerMessage.Text(message, "detail")));
                    if (ServerMessage.Text(message, "code") == "skipped" && message.ContainsKey("next_step")) Skip(ServerMessage.Whole(message, "next_step"));
                    break;
                case "error":
                    Refuse(message, now);
                    break;
                case "bye":
                    if (ServerMessage.Text(message, "reason", "bye") == "zone_ended") Fail("zone_ended", "zone", "the zone " + _options.Zone + " is gone: it has no owner");
                    else Lose(_options.Address + " says bye: " + ServerMessage.Text(message, "reason", "bye"), now);
                    break;
            }
        }

        private void Welcome(Map welcome)
        {
            var version = ServerMessage.Text(welcome, "version");
            if (version.Split('.')[0] != Major)
            {
                FailVersion(version, "");
                return;
            }
            CheckTerms(welcome);
            object resumed;
            var isResumed = welcome.TryGetValue("resumed", out resumed) && (bool)resumed;
            var nextStep = ServerMessage.Whole(welcome, "next_step");
            var sentAgain = new List<Map>();
            if (isResumed) sentAgain = _told.Resume(ServerMessage.Whole(welcome, "last_seq"));
            else _told.StartOver(_ledger.Arrived, nextStep);
            if (_hadSession && !(isResumed && nextStep == _ledger.Arrived)) _frames.MarkSeam();
            var code = isResumed ? "resumed" : _hadSession ? "restarted" : "opened";
            _token = (byte[])welcome["resume"];
            _zoneKey = welcome.ContainsKey("zone_key") ? (byte[])welcome["zone_key"] : null;
            _hadSession = true;
            _isAway = _saidFull = false;
            State = ConnectionState.Open;
            _ledger.Open(nextStep);
            Say(new Notice(NoticeKind.Connected, code, _options.Address + ": session " + welcome["session"] + " " + code + " at step " + nextStep));
            foreach (var change in sentAgain) Send(change);
            SendTold();
        }

        private void CheckTerms(Map welcome)
        {
            Expect(welcome, "channels", Channels);
            Expect(welcome, "sample_rate_hz", Audio.RateHz);
            Expect(welcome, "step_samples", Audio.StepSamples);
        }

        private static void Expect(Map welcome, string field, long wanted)
        {
            var value = ServerMessage.Whole(welcome, field);
            if (value == wanted) return;
            throw new ProtocolException("out_of_range", "welcome." + field + " is " + value + ", not " + wanted, field);
        }

        private void RefuseHello(Map error, double now)
        {
            var code = ServerMessage.Text(error, "code");
            if (code == "version")
            {
                FailVersion(ServerMessage.Text(error, "allowed", "?"), ServerMessage.Text(error, "detail"));
            }
            else if (_token != null && (code == "bad_resume" || code == "unknown_session"))
            {
                _token = null;
                Lose(_options.Address + " no longer has the session", now);
                _retryAt = now;
            }
            else if (code == "busy" || code == "internal")
            {
                SayOnce(new Notice(NoticeKind.Error, code, ServerMessage.Text(error, "detail"), ServerMessage.Text(error, "field")));
                Lose(ServerMessage.Text(error, "detail"), now);
            }
            else
            {
                Fail(code, ServerMessage.Text(error, "field"), ServerMessage.Text(error, "detail"));
            }
        }

        private void FailVersion(string theirs, string detail)
        {
            var because = detail == "" ? "" : " (" + detail + ")";
            Fail("version", "version", "This client speaks version " + Version + " of the protocol, the server at " + _options.Address
                + " speaks " + theirs + ": use a client and a server of the same major version" + because);
        }

        private void Frame(Map frame, ArraySegment<byte> audio, double now)
        {
            var step = ServerMessage.Whole(frame, "step");
            if (step < _ledger.Arrived) return;
            if (step > _ledger.Arrived)
            {
                Lose("the frame of step " + _ledger.Arrived + " is missing", now);
                return;
            }
            if (audio.Array == null) throw new ProtocolException("malformed", "a frame without audio", "audio");
            var count = Audio.Unpack(audio, ServerMessage.Text(frame, "format"), Channels, _samples);
            if (count != _samples.Length) throw new ProtocolException("malformed", "a frame of " + count + " samples", "audio");
            if (!_frames.Write(_samples, Audio.StepSamples)) throw new ProtocolException("credit", "a frame for which there is no room");
            _saidFault = "";
            _ledger.Arrived++;
            _told.Acknowledge(ServerMessage.Whole(frame, "applied_seq"), step);
            SendTold();
        }

        private void Skip(long nextStep)
        {
            if (nextStep <= _ledger.Arrived) return;
            _ledger.Open(nextStep);
            _frames.MarkSeam();
        }

        private void Scene(Map scene)
        {
            if (ServerMessage.Whole(scene, "seq") != 0) return;
            var report = new Notice(NoticeKind.Scene, "scene", "");
            report.Count = ServerMessage.Whole(scene, "step");
            report.Values = Values.Get(scene, "values") ?? new Map();
            report.Targets = Values.Get(scene, "targets") ?? new Map();
            Say(report);
        }

        private void Refuse(Map error, double now)
        {
            var code = ServerMessage.Text(error, "code");
            if (code == "unknown_session" || code == "internal")
            {
                Lose(_options.Address + " has lost the session: " + ServerMessage.Text(error, "detail"), now);
                return;
            }
            _told.Refuse(ServerMessage.Whole(error, "seq"));
            Say(new Notice(NoticeKind.Error, code, ServerMessage.Text(error, "detail"), ServerMessage.Text(error, "field")));
        }

        private void Lose(string why, double now)
        {
            if (!_isAway)
            {
                _isAway = true;
                Say(new Notice(NoticeKind.Disconnected, _hadSession ? "lost" : "unreachable", why + "; tries again every second"));
            }
            State = ConnectionState.Waiting;
            _retryAt = Math.Max(now, _triedAt + RetryS);
            _isHangUp = true;
            Outbox.Clear();
        }

        private void SendTold()
        {
            if (IsInZone && _zoneKey == null) _told.Keep(_ledger.Arrived);
            Map change;
            while (_told.TryNext(out change)) Send(change);
        }

        private void SendCredit(double waitingSteps, long underruns)
        {
            var played = Math.Max(0, _ledger.Arrived - (long)Math.Ceiling(waitingSteps));
            Send(new Map { { "type", "credit" }, { "until_step", _ledger.Sent }, { "played_step", played }, { "underruns", underruns } });
        }

        private void Send(Map message)
        {
            Outbox.Enqueue(Msgpack.Encode(message));
        }

        private void SayOnce(Notice notice)
        {
            if (_saidFault == notice.Code) return;
            _saidFault = notice.Code;
            Say(notice);
        }

        private void Say(Notice notice)
        {
            Notices.Enqueue(notice);
        }
    }
}
