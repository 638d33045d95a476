using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Reflection;
using System.Threading;
using Ambiome;
using UnityEngine;
using UnityStub;
using Map = System.Collections.Generic.Dictionary<string, object>;

/// The plays of the test: `Scenarios.exe NAME ADDRESS` prints one line of JSON, after lines "ask …" to the one who started it.
public static class Scenarios
{
    private static readonly Dictionary<string, Func<string, Map>> All = new Dictionary<string, Func<string, Map>>
    {
        { "controls", Controls }, { "second_play", SecondPlay }, { "turning", Turning }, { "mixing", Mixing },
        { "mistakes", Mistakes }, { "presets", PresetStack }, { "absent", Absent }, { "stalled", Stalled },
        { "restarted", Restarted }, { "latency", Latency }, { "other_rate", OtherRate }, { "inspector", Inspector },
        { "sample", Sample }, { "refused", Refused }
    };

    public static int Main(string[] arguments)
    {
        if (arguments[0] == "unit") return Runner.Run(Assembly.LoadFrom(arguments[1]));
        if (arguments[0] == "fields") return Said(Fields());
        Engine.LoadEditor(typeof(Ambiome.Editor.AmbiomeSourceEditor).Assembly);
        return Said(All[arguments[0]](arguments[1]));
    }

    private static int Said(Map result)
    {
        Console.WriteLine("result " + Json.Write(result));
        return 0;
    }

    private static void Rain(AmbiomeSource source) { source.weather.rain_mm_h = 30; }

    // Heavy rain, then none, through the fields alone.
    private static Map Controls(string address)
    {
        var play = new Play(address, 60, Rain);
        using (play)
        {
            play.Result["connects"] = play.Connects();
            play.Sounds();
            play.Go(3);
            play.Result["heavy_db"] = play.Card.LevelDb(1);
            play.Result["buffer_s"] = Play.Quantile(play.BufferedS.GetRange(play.BufferedS.Count - 60, 60), 0.5);
            play.Source.transition_s = 0.5f;
            play.Source.weather.rain_mm_h = 0.5f;
            play.Go(4);
            play.Result["calm_db"] = play.Card.LevelDb(1);
            play.Source.SetWeather(new Map { { "rain_mm_h", 30 } }, 0);
            play.Source.Cut(new Map { { "location", new Map { { "shelter", "vehicle" } } } });
            play.Go(2);
            play.Result["shelter"] = Names.Of(play.Source.location.shelter);
            play.Source.Pause();
            play.Go(1);
            play.Result["paused_db"] = play.Card.LevelDb(0.5);
            play.Source.Resume();
            play.Go(1);
            play.Result["resumed_db"] = play.Card.LevelDb(0.5);
            play.Source.Lightning(100);
            play.Go(1);
            play.Result["rain_level"] = play.Source.Values == null ? -999 : play.Source.Values["rain_mm_h"];
        }
        return play.Result;
    }

    // Play, reload of the code, play again, and once more without a reload.
    private static Map SecondPlay(string address)
    {
        var first = new Play(address, 30, Rain);
        first.Sounds();
        Engine.ReloadAssemblies();
        bool isClosed = first.Source.State == ClientState.Closed;
        Thread.Sleep(100);
        first.Dispose();
        var second = new Play(address, 60, Rain);
        using (second)
        {
            second.Result["first_closed"] = isClosed;
            second.Result["first_fault"] = first.Card.Fault;
            second.Result["connects"] = second.Connects();
            second.Sounds();
            second.Go(1.5);
            second.Result["second_db"] = second.Card.LevelDb(1);
            var clock = Stopwatch.StartNew();
            second.Source.enabled = false;
            second.Result["end_s"] = clock.Elapsed.TotalSeconds;
            second.Go(0.3);
            second.Result["disabled_db"] = second.Card.LevelDb(0.1);
            second.Source.enabled = true;
            second.Sounds();
            second.Go(1.5);
            second.Result["third_db"] = second.Card.LevelDb(1);
            second.Result["handlers"] = (long)Engine.ConfigurationHandlers;
            Engine.ChangeAudioConfiguration(48000);
            second.Go(1);
            second.Result["reconfigured_db"] = second.Card.LevelDb(0.5);
            Engine.ChangePlayMode(UnityEditor.PlayModeStateChange.ExitingPlayMode);
            second.Result["left_closed"] = second.Source.State == ClientState.Closed;
        }
        second.Result["handlers_after"] = (long)Engine.ConfigurationHandlers;
        return second.Result;
    }

    // A fire to the east; the listener looks north, then south; then he goes away from it, and it goes out.
    private static Map Turning(string address)
    {
        var ear = new GameObject("Ear");
        ear.AddComponent<AudioListener>();
        AmbiomeFeature fire = new GameObject("Fire").AddComponent<AmbiomeFeature>();
        fire.kind = FeatureKind.Fire;
        fire.size = 1;
        fire.transform.position = new Vector3(5, 0, 0);
        var play = new Play(address, 60, source => source.mix.Set(new VoiceMix { voice = Voice.Fire, solo = true }));
        using (play)
        {
            play.Sounds();
            play.Go(3);
            play.Result["told"] = (long)play.Source.FeaturesTold;
            Keep(play, "north");
            ear.transform.rotation = Quaternion.Euler(0, 180, 0);
            play.Go(3.5);
            Keep(play, "south");
            ear.transform.position = new Vector3(-195, 0, 0);
            play.Go(5);
            Keep(play, "far");
            fire.enabled = false;
            play.Go(1);
            play.Result["told_after"] = (long)play.Source.FeaturesTold;
        }
        return play.Result;
    }

    private static void Keep(Play play, string name)
    {
        play.Result[name + "_left_db"] = play.Card.LevelDb(2, 0);
        play.Result[name + "_right_db"] = play.Card.LevelDb(2, 1);
    }

    private static Map Mixing(string address)
    {
        var play = new Play(address, 60, Rain);
        using (play)
        {
            AmbiomeSource source = play.Source;
            source.weather.wind_m_s = 2;
            play.Sounds();
            play.Go(3);
            play.Result["both_db"] = play.Card.LevelDb(1);
            source.mix.Set(new VoiceMix { voice = Voice.Rain, mute = true });
            play.Go(2);
            play.Result["muted_db"] = play.Card.LevelDb(1);
            source.mix.voices.Clear();
            play.Go(2);
            play.Result["unmuted_db"] = play.Card.LevelDb(1);
            source.SetMix(new Map { { "voices", new Map { { "wind", new Map { { "solo", true } } } } } });
            play.Go(2);
            play.Result["solo_db"] = play.Card.LevelDb(1);
            source.SetMix(new Map { { "voices", new Map { { "wind", new Map { { "solo", false } } } } } });
            source.mix.master_db = -20;
            play.Go(2);
            play.Result["master_db"] = play.Card.LevelDb(1);
            source.mix.master_db = 0;
            play.Go(2);
            source.volume = 0;
            play.Go(0.3);
            play.Result["volume_db"] = play.Card.LevelDb(0.1);
        }
        return play.Result;
    }

    // What is wrong comes back with its field; what stood beside it is heard all the same.
    private static Map Mistakes(string address)
    {
        var play = new Play(address, 30);
        using (play)
        {
            play.Connects();
            play.Source.weather.rain_mm_h = 30;
            play.Source.weather.wind_m_s = 999;
            play.Go(1);
            play.Source.SetWeather(new Map { { "rian_mm_h", 1 } });
            play.Source.SetLocation(new Map { { "biome", "jungel" }, { "shelter", 4 } });
            play.Source.SetMix(new Map { { "voices", new Map { { "drums", new Map { { "mute", true } } } } } });
            play.Source.Event(new Map { { "kind", "lightnin" } });
            play.Go(3);
            play.Result["rain_db"] = play.Card.LevelDb(1);
            play.Result["state"] = play.Source.State.ToString();
            play.Source.weather.wind_m_s = 5;
            play.Go(1);
        }
        return play.Result;
    }

    private static Map PresetStack(string address)
    {
        string resources = Environment.GetEnvironmentVariable("AMBIOME_RESOURCES");
        Engine.Load = path =>
        {
            string file = System.IO.Path.Combine(resources, path + ".json");
            return System.IO.File.Exists(file) ? new TextAsset(System.IO.File.ReadAllText(file)) : null;
        };
        var play = new Play(address, 40, source => source.weather.rain_mm_h = 0.5f);
        using (play)
        {
            play.Sounds();
            play.Go(2);
            play.Result["calm_db"] = play.Card.LevelDb(1);
            play.Source.SetPresets(new[] { PresetSlot.Named("storm_at_sea"), PresetSlot.Named("no_such_preset") }, 0.5f);
            play.Go(3);
            play.Result["storm_db"] = play.Card.LevelDb(1);
            play.Source.presets[0].weight = 0;
            play.Source.transition_s = 0.5f;
            play.Go(4);
            play.Result["over_db"] = play.Card.LevelDb(1);
        }
        return play.Result;
    }

    private static Map Absent(string address)
    {
        var ear = new GameObject("Ear");
        ear.AddComponent<AudioListener>();
        var play = new Play(address, 90, Rain);
        using (play)
        {
            play.Go(3);
            play.Result["silent_db"] = play.Card.LevelDb(2.5);
            play.Result["underruns_before"] = play.Source.Underruns;
            play.Result["said"] = new List<object>(play.Happened);
            play.Result["idle_bytes"] = IdleBytes(play.Source);
            play.Ask("start");
            play.Result["connects"] = play.Connects();
            play.Sounds();
            play.Go(1.5);
            play.Result["sound_db"] = play.Card.LevelDb(1);
        }
        return play.Result;
    }

    // A server of another major version.
    private static Map Refused(string address)
    {
        var play = new Play(address, 30, Rain);
        using (play)
        {
            play.Go(20, () => play.Source.State == ClientState.Failed);
            play.Go(1.5);
            play.Result["state"] = play.Source.State.ToString();
            play.Result["silent_db"] = play.Card.LevelDb(1);
        }
        return play.Result;
    }

    // What Update takes from memory where nothing changes, in a thousand frames.
    private static long IdleBytes(AmbiomeSource source)
    {
        var update = (Action)Delegate.CreateDelegate(
            typeof(Action), source, typeof(AmbiomeSource).GetMethod("Update", BindingFlags.Instance | BindingFlags.NonPublic));
        update();
        long before = Card.AllocatedBytes();
        for (int frame = 0; frame < 1000; frame++)
        {
            Engine.NowS += 1 / 60.0;
            update();
        }
        return Card.AllocatedBytes() - before;
    }

    // A server that stops for a while: silence, an event, and the sound goes on, without a click.
    private static Map Stalled(string address)
    {
        var play = new Play(address, 60, Rain);
        using (play)
        {
            play.Sounds();
            play.Go(3);
            int from = play.Card.Frames - Card.Count(2), to = play.Card.Frames;
            play.Result["smooth"] = play.Card.Roughest(from, to);
            play.Ask("stop");
            play.Result["underrun"] = play.Go(10, () => play.Happened.Contains("underrun"));
            play.Go(0.5);
            play.Result["silent_db"] = play.Card.LevelDb(0.3);
            play.Ask("continue");
            play.Sounds();
            play.Go(1.5);
            play.Result["sound_db"] = play.Card.LevelDb(1);
            play.Result["roughest"] = play.Card.Roughest(to, play.Card.Frames);
        }
        return play.Result;
    }

    private static Map Restarted(string address)
    {
        var play = new Play(address, 150, Rain);
        using (play)
        {
            play.Sounds();
            play.Go(3);
            int from = play.Card.Frames - Card.Count(2), to = play.Card.Frames;
            play.Result["before_db"] = play.Card.LevelDb(1);
            play.Result["smooth"] = play.Card.Roughest(from, to);
            play.Ask("kill");
            play.Go(1);
            play.Result["silent_db"] = play.Card.LevelDb(0.3);
            play.Happened.Add("killed");
            play.Ask("start");
            play.Go(60, () => play.Happened.LastIndexOf("connected") > play.Happened.IndexOf("killed"));
            play.Sounds();
            play.Go(2);
            play.Result["after_db"] = play.Card.LevelDb(1);
            play.Result["roughest"] = play.Card.Roughest(to, play.Card.Frames);
        }
        return play.Result;
    }

    // From the field set in the game to the first sample that is otherwise, many times.
    private static Map Latency(string address)
    {
        var play = new Play(address, 60, Rain);
        var waits = new List<double>();
        using (play)
        {
            play.Sounds();
            play.Go(3);
            double loud = play.Card.LevelDb(1);
            play.Source.transition_s = 0;
            for (int turn = 0; turn < 20; turn++)
            {
                bool isFalling = turn % 2 == 0;
                int from = play.Card.Frames;
                play.Source.mix.master_db = isFalling ? -60 : 0;
                play.Go(0.7 + 0.013 * turn);
                int crossing = play.Card.Crossing(from, loud - 20, isFalling);
                waits.Add(crossing < 0 ? 9 : crossing / (double)Engine.OutputRateHz);
            }
            play.Result["median_s"] = Play.Quantile(waits, 0.5);
            play.Result["p95_s"] = Play.Quantile(waits, 0.95);
        }
        return play.Result;
    }

    private static Map OtherRate(string address)
    {
        Engine.OutputRateHz = 44100;
        var play = new Play(address, 60, Rain);
        using (play)
        {
            play.Sounds();
            play.Go(30);
            play.Result["rain_db"] = play.Card.LevelDb(20);
            play.Result["buffer_s"] = Play.Quantile(play.BufferedS, 0.5);
        }
        return play.Result;
    }

    private static Map Inspector(string address)
    {
        var play = new Play(address, 30, Rain);
        using (play)
        {
            play.Sounds();
            play.Go(5, () => play.Source.Values != null);
            var editor = new Ambiome.Editor.AmbiomeSourceEditor { target = play.Source };
            Engine.Drawn.Clear();
            editor.OnInspectorGUI();
            play.Result["drawn"] = Drawn();
            Engine.Pressed = "Pause";
            editor.OnInspectorGUI();
            play.Result["is_paused"] = play.Source.IsPaused;
        }
        Draw(play.Result);
        return play.Result;
    }

    // The drawer of a derived number: ticked, then slid.
    private static void Draw(Map result)
    {
        var isTold = new UnityEditor.SerializedProperty { name = "isTold" };
        var value = new UnityEditor.SerializedProperty { name = "value" };
        var property = new UnityEditor.SerializedProperty { name = "rain_mm_h", Relative = name => name == "isTold" ? isTold : value };
        var drawer = new Ambiome.Editor.OptionalDrawer { attribute = new SpanAttribute(0, 200, "mm/h") };
        Engine.Drawn.Clear();
        drawer.OnGUI(new Rect(0, 0, 300, 18), property, new GUIContent("Rain"));
        Engine.Pressed = "toggle";
        drawer.OnGUI(new Rect(0, 0, 300, 18), property, new GUIContent("Rain"));
        Engine.Slid = 4;
        drawer.OnGUI(new Rect(0, 0, 300, 18), property, new GUIContent("Rain"));
        result["drawer"] = Drawn();
        var biome = new UnityEditor.SerializedProperty { name = "biome", stringValue = "" };
        var names = new Ambiome.Editor.BiomeNameDrawer();
        names.OnGUI(new Rect(0, 0, 300, 18), biome, new GUIContent("Biome"));
        Engine.Slid = 12;
        names.OnGUI(new Rect(0, 0, 300, 18), biome, new GUIContent("Biome"));
        result["biome"] = biome.stringValue;
        result["told"] = isTold.boolValue;
        result["value"] = (double)value.floatValue;
    }

    private static List<object> Drawn()
    {
        var drawn = new List<object>();
        foreach (string text in Engine.Drawn) drawn.Add(text);
        return drawn;
    }

    private static Map Sample(string address)
    {
        var play = new Play(address, 30);
        using (play)
        {
            play.Source.enabled = false;
            WeatherSample sample = play.Thing.AddComponent<WeatherSample>();
            sample.source = play.Source;
            play.Source.enabled = true;
            Engine.Send(sample, "Start");
            play.Sounds();
            double hour = play.Source.time.hour.Value;
            play.Go(1);
            play.Result["hours"] = play.Source.time.hour.Value - hour;
            foreach (string pressed in new[] { "coast", "Lightning", "Pause", "Resume", "in a tent" })
            {
                Engine.Pressed = pressed;
                Engine.Send(sample, "OnGUI");
            }
            Engine.Slid = 25;
            Engine.Send(sample, "OnGUI");
            play.Go(2);
            play.Result["rain"] = (double)play.Source.weather.rain_mm_h.Value;
            play.Result["shelter"] = play.Source.location.shelter.ToString();
            play.Result["told"] = (long)play.Source.FeaturesTold;
        }
        return play.Result;
    }

    // Every field's range in the inspector and every enumeration's names, for a comparison with the protocol's tables.
    private static Map Fields()
    {
        var result = new Map();
        foreach (Type part in new[] { typeof(Weather), typeof(Location), typeof(TimeOfDay) })
            foreach (FieldInfo field in part.GetFields())
            {
                var span = (SpanAttribute)Attribute.GetCustomAttribute(field, typeof(SpanAttribute));
                if (span != null) result[field.Name] = new List<object> { (double)span.Min, Math.Round((double)span.Max, 6), span.Unit };
            }
        var table = new List<object>();
        foreach (Field<Weather> field in Weather.Table) table.Add(field.Name);
        foreach (Field<Location> field in Location.Table) table.Add(field.Name);
        foreach (Field<TimeOfDay> field in TimeOfDay.Table) table.Add(field.Name);
        result["table"] = table;
        var names = new List<object>();
        foreach (Shelter shelter in Enum.GetValues(typeof(Shelter))) names.Add(Names.Of(shelter));
        result["shelter"] = names;
        result["biome"] = new List<object>(Names.Biomes);
        names = new List<object>();
        foreach (FeatureKind kind in Enum.GetValues(typeof(FeatureKind))) names.Add(Names.Of(kind));
        result["feature kind"] = names;
        names = new List<object>();
        foreach (Voice voice in Enum.GetValues(typeof(Voice))) names.Add(Names.Of(voice));
        result["voice"] = names;
        return result;
    }
}
