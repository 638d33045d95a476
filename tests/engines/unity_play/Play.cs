using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Ambiome;
using UnityEngine;
using UnityStub;
using Map = System.Collections.Generic.Dictionary<string, object>;

/// A game on the stub: a component, a sound card, 60 frames a second, and a count of all that happens.
public sealed class Play : IDisposable
{
    private const float FrameS = 1 / 60f;

    public readonly GameObject Thing;
    public readonly AmbiomeSource Source;
    public readonly Card Card;
    public readonly Map Result = new Map();
    public readonly List<string> Happened = new List<string>();
    public readonly List<double> UpdatesMs = new List<double>();
    public readonly List<double> BufferedS = new List<double>();

    public Play(string address, double mostS, Action<AmbiomeSource> set = null)
    {
        Thing = new GameObject("Ambience");
        Thing.SetActive(false);
        Source = Thing.AddComponent<AmbiomeSource>();
        Source.server = address;
        Source.seed = 7;
        Source.location.biome = "none";
        set?.Invoke(Source);
        Source.Connected += () => Happened.Add("connected");
        Source.Disconnected += detail => Happened.Add("disconnected");
        Source.Error += (code, field, detail) => Happened.Add("error " + code + " " + field);
        Source.Warning += (code, detail) => Happened.Add("warning " + code);
        Source.Underrun += count => Happened.Add("underrun");
        Thing.SetActive(true);
        Card = new Card(Source, mostS);
    }

    /// The game goes on for so long, or until something is so; false if it never was.
    public bool Go(double seconds, Func<bool> until = null)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            if (until != null && until()) return true;
            long began = Stopwatch.GetTimestamp();
            Engine.Frame(FrameS);
            BufferedS.Add(Source.BufferedS);
            UpdatesMs.Add((Stopwatch.GetTimestamp() - began) * 1000.0 / Stopwatch.Frequency);
            Thread.Sleep(16);
        }
        return until == null || until();
    }

    public bool Connects(double seconds = 60) { return Go(seconds, () => Happened.Contains("connected")); }

    public bool Sounds(double seconds = 60) { return Go(seconds, () => Card.LevelDb(0.2) > -70); }

    /// Asks the test to do something to the server, and waits until it is done.
    public void Ask(string what)
    {
        Console.WriteLine("ask " + what);
        var answer = new Thread(() => Console.ReadLine()) { IsBackground = true };
        answer.Start();
        Go(120, () => !answer.IsAlive);
    }

    public static double Quantile(List<double> values, double share)
    {
        var sorted = new List<double>(values);
        sorted.Sort();
        return sorted.Count == 0 ? 0 : sorted[(int)(share * (sorted.Count - 1))];
    }

    public void Dispose()
    {
        Card.Stop();
        Result["happened"] = new List<object>(Happened);
        Result["underruns"] = Source.Underruns;
        Result["allocated"] = Card.Allocated;
        Result["collections"] = (long)Card.Collections;
        Result["worst_fill_ms"] = Card.WorstMs;
        Result["median_update_ms"] = Quantile(UpdatesMs, 0.5);
        Result["p99_update_ms"] = Quantile(UpdatesMs, 0.99);
        Result["fault"] = Card.Fault;
        var log = new List<object>();
        foreach (string line in Engine.Log) log.Add(line);
        Result["log"] = log;
        UnityEngine.Object.Destroy(Thing);
    }
}
