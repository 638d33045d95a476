using System;
using System.Diagnostics;
using System.Threading;
using UnityEngine;
using UnityStub;

/// A sound card on its own thread: it calls a component's OnAudioFilterRead, block by block as time goes, keeps what came out
/// and watches over what the call costs.
public sealed class Card
{
    public const int BlockFrames = 1024, Channels = 2;

    private readonly float[] kept;
    private readonly Action<float[], int> filter;
    private readonly AudioSource output;
    private readonly Thread thread;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    /// Bytes that the calling thread allocated since it began.
    public static readonly Func<long> AllocatedBytes = (Func<long>)Delegate.CreateDelegate(
        typeof(Func<long>), typeof(GC).GetMethod("GetAllocatedBytesForCurrentThread"));

    private volatile bool isStopping;
    private volatile int frames;

    /// Bytes allocated and collections of generation 0 within calls, and the longest call.
    public long Allocated;
    public int Collections;
    public double WorstMs;
    public string Fault = "";

    public Card(Component component, double mostS)
    {
        kept = new float[(int)(mostS * Engine.OutputRateHz) * Channels];
        filter = Engine.AudioFilter((MonoBehaviour)component);
        output = component.GetComponent<AudioSource>();
        thread = new Thread(Run) { IsBackground = true, Priority = ThreadPriority.Highest };
        thread.Start();
    }

    /// Frames played so far.
    public int Frames { get { return frames; } }

    public void Stop()
    {
        isStopping = true;
        thread.Join();
    }

    /// Level of the last seconds, dB over full scale, of one channel or (-1) of both; -120 for silence.
    public double LevelDb(double seconds, int channel = -1) { return LevelDb(frames - Count(seconds), frames, channel); }

    public double LevelDb(int from, int to, int channel)
    {
        double sum = 0;
        int count = 0;
        for (int at = Math.Max(0, from) * Channels; at < to * Channels; at++)
        {
            if (channel >= 0 && at % Channels != channel) continue;
            sum += (double)kept[at] * kept[at];
            count++;
        }
        return count == 0 ? -120 : Math.Max(-120, 10 * Math.Log10(sum / count + 1e-12));
    }

    /// The largest second difference within the last seconds: what a click has and noise of rain has not.
    public double Roughest(int from, int to)
    {
        double most = 0;
        for (int at = (from + 2) * Channels; at < to * Channels; at++)
            most = Math.Max(most, Math.Abs(kept[at] - 2 * kept[at - Channels] + kept[at - 2 * Channels]));
        return most;
    }

    /// Frames from `from` on until the level of a millisecond is on the other side of `db` and stays so for 10 ms; -1: never.
    public int Crossing(int from, double db, bool isFalling)
    {
        int millisecond = Count(0.001), run = 0;
        for (int at = from; at + millisecond <= frames; at += millisecond)
        {
            run = LevelDb(at, at + millisecond, -1) < db == isFalling ? run + 1 : 0;
            if (run == 10) return at - 9 * millisecond - from;
        }
        return -1;
    }

    public static int Count(double seconds) { return (int)(seconds * Engine.OutputRateHz); }

    private void Run()
    {
        var block = new float[BlockFrames * Channels];
        AllocatedBytes();
        for (long blocks = 1; !isStopping && (frames + BlockFrames) * Channels <= kept.Length; blocks++)
        {
            double waitS = blocks * BlockFrames / (double)Engine.OutputRateHz - clock.Elapsed.TotalSeconds;
            if (waitS > 0) Thread.Sleep((int)(waitS * 1000));
            Array.Clear(block, 0, block.Length);
            if (output.isPlaying) Call(block);
            Array.Copy(block, 0, kept, frames * Channels, block.Length);
            frames += BlockFrames;
        }
    }

    private void Call(float[] block)
    {
        int collections = GC.CollectionCount(0);
        long bytes = AllocatedBytes(), ticks = Stopwatch.GetTimestamp();
        try
        {
            filter(block, Channels);
        }
        catch (Exception fault)
        {
            Fault = fault.ToString();
        }
        WorstMs = Math.Max(WorstMs, (Stopwatch.GetTimestamp() - ticks) * 1000.0 / Stopwatch.Frequency);
        if (frames == 0) return; // the first call compiles what it calls, and the compiler takes memory
        Allocated += AllocatedBytes() - bytes;
        Collections += GC.CollectionCount(0) - collections;
    }
}
