using System;
using System.Collections;
using System.Collections.Generic;
using UnityEngine;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>
    /// Plays the ambience of a described world. Set the weather, the place and the time, in the inspector, in an animation
    /// or in code (<c>source.weather.rain_mm_h = 4</c>): what changed is told to the server by itself.
    /// </summary>
    /// <remarks>
    /// The game's thread only leaves commands and takes notices; a thread of the core has the network, and Unity's audio
    /// thread takes samples from a ring without a lock. Nothing static is kept and everything ends in OnDisable, so that
    /// domain reloads, entering play mode without one, and a second play find nothing left over.
    /// </remarks>
    [AddComponentMenu("Audio/Ambiome Source")]
    [DisallowMultipleComponent]
    [RequireComponent(typeof(AudioSource))]
    public sealed class AmbiomeSource : MonoBehaviour
    {
        private const float TellEveryS = 0.05f, PlaceEveryS = 0.1f, HeadingStepDeg = 2;
        private const double TelemetryHz = 4;

        [Header("Server")]
        [Tooltip("Where the server listens. Read when the component is enabled.")]
        public string server = ClientOptions.DefaultAddress;
        [Tooltip("Decides everything that is left to chance, 0 or more. Read when the component is enabled.")]
        public long seed;
        [Tooltip("Whether the learned renderer makes the sound, where the server offers it. Counts when enabled.")]
        public bool is_neural;
        [Tooltip("A place that many listeners share, by name; who comes first opens it. Empty: one of its own. Read when enabled.")]
        public string zone = "";
        [Tooltip("What makes an owner of the zone, whose world is heard: 32 hexadecimal digits, or empty. Read when enabled.")]
        public string zone_key = "";

        [Header("World")]
        [Tooltip("The weather out in the open.")]
        public Weather weather = new Weather();
        [Tooltip("Where the listener is.")]
        public Location location = new Location();
        [Tooltip("Time of day and year.")]
        public TimeOfDay time = new TimeOfDay();
        [Tooltip("How many seconds a change takes; -1: each as in nature.")]
        public float transition_s = -1;
        [Tooltip("Presets laid over the world and mix above.")]
        public List<PresetSlot> presets = new List<PresetSlot>();

        [Header("Listener")]
        [Tooltip("Who hears: his place and heading. Empty: the scene's Audio Listener.")]
        public Transform listener;
        [Tooltip("How many metres a unit of the scene is.")]
        public float metres_per_unit = 1;

        [Header("Sound")]
        [Range(0, 1), Tooltip("Volume of this component, at once; the server knows nothing of it.")]
        public float volume = 1;
        [Tooltip("How the server mixes.")]
        public Mix mix = new Mix();

        [Space]
        [Tooltip("Whether losses, refusals and warnings are written to the console.")]
        public bool logs = true;
        [Tooltip("The events, for the inspector.")]
        public AmbiomeEvents events = new AmbiomeEvents();

        /// <summary>There is a session, new or resumed.</summary>
        public event Action Connected;

        /// <summary>The server is away; it is tried every second. With a sentence for people.</summary>
        public event Action<string> Disconnected;

        /// <summary>The scene was reported: its parameters by name as they are, and what they move to (double or long).</summary>
        public event Action<Map, Map> SceneChanged;

        /// <summary>Something was refused: code, field and detail, as in the protocol.</summary>
        public event Action<string, string, string> Error;

        /// <summary>Something is not as the game may think, but nothing is wrong: code and detail.</summary>
        public event Action<string, string> Warning;

        /// <summary>There was nothing to play. With how often so far.</summary>
        public event Action<long> Underrun;

        private readonly Teller teller = new Teller();
        private readonly FeatureTeller featureTeller = new FeatureTeller();
        private readonly Ear ear = new Ear();
        private readonly Fader fader = new Fader();
        private Action<Map> tellLocation;
        private Client client;
        private AudioSource output;
        private Stamp toldStamp;
        private double tellAt, placeAt;
        private float toldHeading;
        private bool isBegun, isTold, hasHeading, isPaused;

        // Read by the audio thread.
        private volatile Client playing;
        private volatile int outputRateHz;

        /// <summary>Where the connection stands.</summary>
        public ClientState State { get { return client == null ? ClientState.Closed : client.State; } }

        /// <summary>What makes others owners of the zone too, in hexadecimal; empty for who is none.</summary>
        public string OwnerKey { get { return client == null ? "" : client.ZoneKey; } }

        /// <summary>How much sound is in hand, s.</summary>
        public double BufferedS { get { return client == null ? 0 : client.BufferedS; } }

        /// <summary>How often there was nothing to play since the component was enabled.</summary>
        public long Underruns { get { return client == null ? 0 : client.Underruns; } }

        /// <summary>The highest sample of the last block played, 0 to 1.</summary>
        public float Level { get { return fader.Level; } }

        /// <summary>Whether it is paused by <see cref="Pause"/>.</summary>
        public bool IsPaused { get { return isPaused; } }

        /// <summary>The scene's parameters as reported last, by name; null before the first report.</summary>
        public Map Values { get; private set; }

        /// <summary>What they move to; null before the first report.</summary>
        public Map Targets { get; private set; }

        /// <summary>How many features are told at the moment, at most 16.</summary>
        public int FeaturesTold { get { return featureTeller.Count; } }

        /// <summary>Changes the weather: fields by the protocol's names, null for derived. Other fields stay.</summary>
        public void SetWeather(IDictionary fields, float transitionS = -1) { SetPart("weather", fields, transitionS, weather.TrySet); }

        /// <summary>Changes the place: fields by the protocol's names, null for derived. Other fields stay.</summary>
        public void SetLocation(IDictionary fields, float transitionS = -1) { SetPart("location", fields, transitionS, location.TrySet); }

        /// <summary>Changes the time: fields by the protocol's names, null for derived. Other fields stay.</summary>
        public void SetTime(IDictionary fields, float transitionS = -1) { SetPart("time", fields, transitionS, time.TrySet); }

        /// <summary>Changes the mix: master_db, dynamics, voices {name: {gain_db, mute, solo}}. Other fields stay.</summary>
        public void SetMix(IDictionary fields, float transitionS = -1)
        {
            Map rest = mix.Take(Maps.PlainMap(fields));
            TellChanges(transitionS, false);
            if (rest.Count > 0 && client != null) client.Mix(rest, Transition(transitionS));
        }

        /// <summary>Lays these presets over world and mix, instead of those before; none takes them all away.</summary>
        public void SetPresets(IEnumerable<PresetSlot> slots, float transitionS = -1)
        {
            presets = new List<PresetSlot>();
            if (slots != null)
                foreach (PresetSlot slot in slots)
                    if (slot != null) presets.Add(slot);
            TellChanges(transitionS, false);
        }

        /// <summary>A stroke of lightning now; its thunder comes as late as it is far.</summary>
        public void Lightning(float distance_m = 500, float azimuth_deg = 0, float strength = 0.5f)
        {
            Event(new Map { { "kind", "lightning" }, { "distance_m", distance_m }, { "azimuth_deg", azimuth_deg }, { "strength", strength } });
        }

        /// <summary>A stroke of lightning now, at a place of the scene.</summary>
        public void Lightning(Vector3 position, float strength = 0.5f)
        {
            Vector3 way = position - Hearer().position;
            Bearings.TryOf(way, out float azimuth);
            Lightning(Mathf.Max(Bearings.NearestM, way.magnitude * metres_per_unit), azimuth, strength);
        }

        /// <summary>Something happens once: kind, distance_m, azimuth_deg, strength, animal, as in the protocol.</summary>
        public void Event(IDictionary happening)
        {
            if (client != null) client.Event(Maps.PlainMap(happening));
        }

        /// <summary>
        /// A cut, as of the picture or after a teleport: the sound snaps to the world as it now stands, with what `world`
        /// {weather, location, time} changes of it.
        /// </summary>
        public void Cut(IDictionary world = null)
        {
            Map plain = Maps.PlainMap(world);
            Map rest = Rest(Maps.Part(plain, "weather"), weather.TrySet, "weather");
            Maps.Lay(rest, Rest(Maps.Part(plain, "location"), location.TrySet, "location"));
            Maps.Lay(rest, Rest(Maps.Part(plain, "time"), time.TrySet, "time"));
            TellPlaces(true);
            TellChanges(-1, true);
            if (rest.Count > 0 && client != null) client.World(rest, -1, true);
        }

        /// <summary>The sound fades and stands still, at this very sample; the session is kept.</summary>
        public void Pause() { SetPaused(true); }

        /// <summary>The sound goes on where it was paused.</summary>
        public void Resume() { SetPaused(false); }

        /// <summary>Makes a feature heard; a feature that is enabled does it by itself.</summary>
        public void Add(AmbiomeFeature feature) { featureTeller.Add(feature); }

        /// <summary>Makes a feature unheard; a feature that is disabled does it by itself.</summary>
        public void Remove(AmbiomeFeature feature) { featureTeller.Remove(feature); }

        private void OnEnable()
        {
            output = GetComponent<AudioSource>();
            tellLocation = TellLocation;
            teller.Forget();
            featureTeller.Forget();
            isBegun = isTold = hasHeading = false;
            tellAt = placeAt = 0;
            ear.Forget();
            foreach (AmbiomeFeature feature in Found.All<AmbiomeFeature>()) featureTeller.Add(feature);
            AudioSettings.OnAudioConfigurationChanged += OnAudioConfigurationChanged;
            client = new Client(new ClientOptions { Address = server, Seed = seed, IsNeural = is_neural, Zone = zone, ZoneKey = zone_key, TelemetryHz = TelemetryHz });
            if (isPaused) client.Pause(true);
            Play();
            Warm();
            playing = client;
        }

        private void Update()
        {
            if (client == null) return;
            fader.Volume = volume;
            if (!isBegun) Begin();
            TakeNotices();
            double now = Time.unscaledTimeAsDouble;
            if (now < tellAt) return;
            tellAt = now + TellEveryS;
            if (now >= placeAt)
            {
                placeAt = now + PlaceEveryS;
                TellPlaces(false);
            }
            if (!isTold || !Wish.Mark(this).Equals(toldStamp)) TellChanges(transition_s, false);
        }

        private void OnDisable() { End(); }

        private void OnDestroy() { End(); }

        private void OnApplicationQuit() { End(); }

        // Unity's audio thread: no lock, no allocation, no name of Unity's that belongs to the game's thread.
        private void OnAudioFilterRead(float[] data, int channels)
        {
            Client source = playing;
            if (source == null || channels < 1) return;
            source.Fill(data, channels, outputRateHz);
            fader.Apply(data, channels);
        }

        /// <summary>Ends the session and the thread. OnDisable does it; the editor does it before it reloads code.</summary>
        public void End()
        {
            AudioSettings.OnAudioConfigurationChanged -= OnAudioConfigurationChanged;
            Client ending = client;
            client = playing = null;
            if (ending == null) return;
            if (output != null) output.Stop();
            ending.Dispose();
            fader.Reset(0);
        }

        // In the first frame, not before: what a script sets right after it made the component belongs to the first world.
        private void Begin()
        {
            isBegun = true;
            TellPlaces(true);
            TellChanges(-1, true);
            client.Start();
        }

        // What is compiled and made at a first call is so here, not on the audio thread.
        private void Warm()
        {
            var block = new float[2];
            client.Fill(block, block.Length, outputRateHz);
            fader.Apply(block, block.Length);
        }

        // With no clip, the filter is the source. The place of each sound is the server's affair, so Unity adds none.
        private void Play()
        {
            outputRateHz = AudioSettings.outputSampleRate;
            fader.Reset(volume);
            output.spatialBlend = 0;
            output.bypassReverbZones = true;
            output.priority = 0;
            output.loop = true;
            output.Play();
        }

        // Unity stops every source when the output changes.
        private void OnAudioConfigurationChanged(bool deviceWasChanged)
        {
            if (client != null) Play();
        }

        private void SetPaused(bool paused)
        {
            isPaused = paused;
            if (client != null) client.Pause(paused);
        }

        private delegate bool Setter(string name, object value);

        private void SetPart(string part, IDictionary fields, float transitionS, Setter trySet)
        {
            Map rest = Rest(Maps.PlainMap(fields), trySet, part);
            TellChanges(transitionS, false);
            if (rest.Count > 0 && client != null) client.World(rest, Transition(transitionS));
            if (Maps.Part(rest, part).ContainsKey("features")) featureTeller.Forget();
        }

        // Sets what the component has a field for. The rest goes to the server as it is, which says what is wrong with it.
        private static Map Rest(Map fields, Setter trySet, string part)
        {
            var rest = new Map();
            foreach (KeyValuePair<string, object> field in fields)
                if (!trySet(field.Key, field.Value)) rest[field.Key] = field.Value;
            return rest.Count > 0 ? new Map { { part, rest } } : rest;
        }

        private void TellChanges(float transitionS, bool isCut)
        {
            if (client == null || !isBegun) return;
            toldStamp = Wish.Mark(this);
            isTold = true;
            teller.Due(Wish.State(this), out Map world, out Map gains);
            if (world.Count > 0 || isCut) client.World(world, isCut ? -1 : Transition(transitionS), isCut);
            if (gains.Count > 0) client.Mix(gains, isCut ? 0 : Transition(transitionS));
            if (Maps.Part(world, "location").ContainsKey("features")) featureTeller.Forget();
        }

        private void TellPlaces(bool isAll)
        {
            if (client == null || !isBegun) return;
            Transform hearer = Hearer();
            if (Bearings.TryHeading(hearer, out float heading)
                && (isAll || !hasHeading || Bearings.Apart(heading, toldHeading) > HeadingStepDeg))
            {
                hasHeading = true;
                toldHeading = heading;
                client.World(new Map { { "listener", new Map { { "heading_deg", Maps.Number(heading) } } } });
            }
            featureTeller.Tell(hearer.position, metres_per_unit, tellLocation);
        }

        private void TellLocation(Map place) { client.World(new Map { { "location", place } }); }

        private Transform Hearer() { return ear.At(listener, transform, Time.unscaledTimeAsDouble); }

        private void TakeNotices()
        {
            while (client != null && client.TryNotice(out Notice notice)) Take(notice);
        }

        private void Take(Notice notice)
        {
            if (logs && notice.Kind != NoticeKind.Scene && notice.Kind != NoticeKind.Connected) Debug.LogWarning(notice.ToString(), this);
            switch (notice.Kind)
            {
                case NoticeKind.Connected:
                    Connected?.Invoke();
                    events.connected.Invoke();
                    break;
                case NoticeKind.Disconnected:
                    Disconnected?.Invoke(notice.Detail);
                    events.disconnected.Invoke(notice.Detail);
                    break;
                case NoticeKind.Scene:
                    Values = notice.Values;
                    Targets = notice.Targets;
                    SceneChanged?.Invoke(notice.Values, notice.Targets);
                    events.sceneChanged.Invoke();
                    break;
                case NoticeKind.Error:
                    if (notice.Code == "at_limit") teller.Doubt();
                    else teller.Refuse(notice.Field);
                    isTold = false;
                    Error?.Invoke(notice.Code, notice.Field, notice.Detail);
                    events.error.Invoke(notice.Code, notice.Field, notice.Detail);
                    break;
                case NoticeKind.Warning:
                    Warning?.Invoke(notice.Code, notice.Detail);
                    break;
                case NoticeKind.Underrun:
                    Underrun?.Invoke(notice.Count);
                    events.underrun.Invoke((int)Math.Min(int.MaxValue, notice.Count));
                    break;
            }
        }

        private static double Transition(float transitionS)
        {
            return transitionS >= 0 ? Math.Min(transitionS, 600) : -1;
        }
    }
}
