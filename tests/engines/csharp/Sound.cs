using System;
using System.Globalization;
using System.Threading;

namespace Ambiome.Tests
{
    /// <summary>The ring, the fades, the resampler: in simulated time, without a server.</summary>
    public static class Sound
    {
        private static readonly float[] Step = new float[2 * Audio.StepSamples];
        private static double[] _tone;
        private static double _toneHz;

        public static void Run(string[] args)
        {
            IsExact();
            FadesAndGoesOn();
            Pauses();
            FadesAtASeam();
            SpreadsOverChannels();
            Resamples(44100, 1000);
            Resamples(44100, 15000);
            Resamples(96000, 19000);
            Resamples(22050, 3000);
            Resamples(32000, 5000);
            Resamples(44099, 5000);
            Rejects();
            TakesNoMemory();
            Console.WriteLine("ok");
        }

        /// <summary>Arguments: output rate, minutes. A toy server keeps the ring filled as a client does; nothing may drift.</summary>
        public static void Drift(string[] args)
        {
            int rateHz = int.Parse(args[1]), block = 1024;
            var seconds = 60 * double.Parse(args[2], CultureInfo.InvariantCulture);
            var playback = new Playback(3);
            var data = new float[2 * block];
            long made = 0, sent = 0;
            int least = int.MaxValue, most = 0;
            double phase = 0;
            for (; made < seconds * rateHz; made += block)
            {
                while (playback.Waiting <= 3 * Audio.StepSamples) sent += Tone(playback, sent, 440);
                if (made > rateHz)
                {
                    least = Math.Min(least, playback.Waiting);
                    most = Math.Max(most, playback.Waiting);
                }
                playback.Fill(data, 2, rateHz);
                if (made > rateHz) phase = Math.Max(phase, Furthest(data, made, rateHz));
            }
            var exact = (long)(made * (double)Audio.RateHz / rateHz);
            Program.Check(Math.Abs(playback.Played - exact) <= 1, playback.Played + " frames were played, not " + exact);
            Program.Check(playback.Underruns == 0, playback.Underruns + " underruns");
            Program.Check(most <= 4 * Audio.StepSamples && least > 2 * Audio.StepSamples, "the buffer went from " + least + " to " + most);
            Program.Check(phase < 1e-3, "the tone was off by " + phase);
            Console.WriteLine("{0} frames at {1} Hz took {2}; buffer {3} to {4} frames; tone off by at most {5:g2}", made, rateHz, playback.Played, least, most, phase);
        }

        /// <summary>Two threads at full speed: what is read is what was written, in order.</summary>
        public static void Ring(string[] args)
        {
            const int total = 2000000;
            var ring = new SampleRing(4096);
            var writer = new Thread(() =>
            {
                var data = new float[2 * 500];
                var random = new Random(1);
                for (var done = 0; done < total;)
                {
                    var count = Math.Min(random.Next(1, 500), total - done);
                    for (var i = 0; i < count; i++) data[2 * i] = data[2 * i + 1] = (done + i) % 1000003;
                    if (ring.Write(data, count)) done += count;
                    else Thread.Yield();
                }
            });
            writer.Start();
            var into = new float[2 * 700];
            var other = new Random(2);
            for (var done = 0; done < total;)
            {
                var count = Math.Min(other.Next(1, 700), ring.Readable);
                if (count == 0) Thread.Yield();
                ring.Read(into, 0, count);
                for (var i = 0; i < count; i++)
                    Program.Check(into[2 * i] == (done + i) % 1000003 && into[2 * i + 1] == into[2 * i], "frame " + (done + i) + " is " + into[2 * i]);
                done += count;
            }
            writer.Join();
            Console.WriteLine(total + " frames");
        }

        private static void IsExact()
        {
            var playback = new Playback(3);
            for (var i = 0; i < 3; i++) Noise(playback, i);
            var heard = Heard(playback, 4000);
            for (var i = 0; i < 4000; i++)
            {
                var wanted = Sample(i) * (i < 720 ? Cosine((i + 0.5) / 720) : 1);
                Program.Check(Math.Abs(heard[2 * i] - wanted) < 1e-6 && (i < 720 || heard[2 * i] == Sample(i)), "frame " + i + " is " + heard[2 * i]);
                Program.Check(heard[2 * i + 1] == -heard[2 * i], "right of frame " + i);
            }
        }

        private static void FadesAndGoesOn()
        {
            var playback = new Playback(2);
            Noise(playback, 0);
            Program.Check(Loudest(Heard(playback, 3000)) == 0, "plays before there is enough");
            Noise(playback, 1);
            var heard = Heard(playback, 5000);
            for (var i = 0; i < 480; i++)
            {
                var wanted = Sample(3360 + i) * Cosine(1 - (i + 0.5) / 480);
                Program.Check(Math.Abs(heard[2 * (3360 + i)] - wanted) < 1e-6, "falling frame " + i);
            }
            Program.Check(heard[2 * 3840] == 0 && playback.Underruns == 1 && playback.Waiting == 0, "does not fall silent");
            Heard(playback, 5000);
            Program.Check(playback.Underruns == 1, "counts silence again");
            Noise(playback, 2);
            Noise(playback, 3);
            heard = Heard(playback, 2000);
            Program.Check(heard[2 * 1500] == Sample(3840 + 1500), "does not go on at the next sample");
        }

        private static void Pauses()
        {
            var playback = new Playback(2);
            for (var i = 0; i < 4; i++) Noise(playback, i);
            Heard(playback, 1000);
            playback.IsPaused = true;
            var heard = Heard(playback, 2000);
            Program.Check(Math.Abs(heard[0] - Sample(1000) * Cosine(1 - 0.5 / 480)) < 1e-6 && heard[2 * 480] == 0, "does not fall silent");
            Program.Check(playback.Played == 1480 && playback.Underruns == 0, "takes samples while paused");
            playback.IsPaused = false;
            heard = Heard(playback, 1000);
            Program.Check(heard[2 * 900] == Sample(1480 + 900) && playback.Played == 2480, "does not go on at the next sample");
        }

        private static void FadesAtASeam()
        {
            var playback = new Playback(2);
            for (var i = 0; i < 2; i++) Noise(playback, i);
            playback.MarkSeam();
            for (var i = 100; i < 103; i++) Noise(playback, i);
            var heard = Heard(playback, 6000);
            Program.Check(Math.Abs(heard[2 * 3839]) < 1e-4 && Math.Abs(heard[2 * 3840]) < 1e-4, "has no fade at the seam");
            Program.Check(heard[2 * 3300] == Sample(3300) && heard[2 * 5000] == Sample(192000 + 1160), "leaves something out at the seam");
            Program.Check(playback.Underruns == 0, "counts a seam as an underrun");
        }

        private static void SpreadsOverChannels()
        {
            foreach (var channels in new[] { 1, 2, 4, 6, 8 })
            {
                var playback = new Playback(1);
                for (var i = 0; i < Audio.StepSamples; i++)
                {
                    Step[2 * i] = 0.5f;
                    Step[2 * i + 1] = -0.25f;
                }
                for (var i = 0; i < 2; i++) playback.Write(Step, Audio.StepSamples);
                var data = new float[1000 * channels + (channels > 1 ? 1 : 0)];
                for (var i = 0; i < data.Length; i++) data[i] = 9;
                playback.Fill(data, channels, Audio.RateHz);
                var last = 999 * channels;
                if (channels == 1) Program.Check(data[last] == 0.125f, "mono is " + data[last]);
                else Program.Check(data[last] == 0.5f && data[last + 1] == -0.25f, channels + " channels");
                for (var i = last + 2; i < data.Length; i++) Program.Check(data[i] == 0, channels + " channels: the rest is not silent");
            }
        }

        private static void Resamples(int rateHz, double toneHz)
        {
            var playback = new Playback(3);
            long sent = 0;
            for (var i = 0; i < 30; i++) sent += Tone(playback, sent, toneHz);
            var data = new float[2 * (rateHz / 2)];
            playback.Fill(data, 2, rateHz);
            double inPhase = 0, across = 0, power = 0;
            int from = rateHz / 10, to = rateHz / 2;
            for (var i = from; i < to; i++)
            {
                var angle = 2 * Math.PI * toneHz * i / rateHz;
                inPhase += 2 * data[2 * i] * Math.Sin(angle) / (to - from);
                across += 2 * data[2 * i] * Math.Cos(angle) / (to - from);
                power += 2 * data[2 * i] * data[2 * i] / (to - from);
            }
            var tone = inPhase * inPhase + across * across;
            var rest = 10 * Math.Log10(Math.Max(1e-12, (power - tone) / tone));
            var level = 10 * Math.Log10(tone / 0.25);
            Program.Check(Math.Abs(level) < 0.05 && rest < -75, toneHz + " Hz at " + rateHz + ": " + level + " dB, the rest " + rest + " dB");
        }

        private static void Rejects()
        {
            var playback = new Playback(3);
            long sent = 0;
            for (var i = 0; i < 30; i++) sent += Tone(playback, sent, 14000);
            var data = new float[2 * 11025];
            playback.Fill(data, 2, 22050);
            Array.Clear(data, 0, 4000);
            Program.Check(Loudest(data) < 1e-3, "14 kHz comes back at 22,050 Hz with " + Loudest(data));
        }

        private static void TakesNoMemory()
        {
            foreach (var rateHz in new[] { 48000, 44100 })
            {
                var playback = new Playback(3);
                var data = new float[2048];
                for (var i = 0; i < 20; i++) Noise(playback, i);
                playback.Fill(data, 2, rateHz);
                var before = GC.GetAllocatedBytesForCurrentThread();
                var collections = GC.CollectionCount(0);
                for (var i = 0; i < 4000; i++)
                {
                    if (i % 50 < 40) while (playback.Waiting < 3 * Audio.StepSamples) playback.Write(Step, Audio.StepSamples);
                    playback.IsPaused = i % 300 > 280;
                    if (i % 500 == 0) playback.MarkSeam();
                    playback.Fill(data, i % 3 == 0 ? 1 : 2, rateHz);
                }
                var taken = GC.GetAllocatedBytesForCurrentThread() - before;
                Program.Check(taken == 0 && GC.CollectionCount(0) == collections, "4,000 callbacks at " + rateHz + " Hz took " + taken + " bytes");
                Program.Check(playback.Underruns > 5, "did not run dry: not much of a test");
            }
            var seen = GC.GetAllocatedBytesForCurrentThread();
            GC.KeepAlive(new object());
            Program.Check(GC.GetAllocatedBytesForCurrentThread() > seen, "this runtime does not count what a thread allocates");
        }

        private static float[] Heard(Playback playback, int frames)
        {
            var data = new float[2 * frames];
            playback.Fill(data, 2, Audio.RateHz);
            return data;
        }

        private static float Loudest(float[] data)
        {
            float loudest = 0;
            foreach (var sample in data) loudest = Math.Max(loudest, Math.Abs(sample));
            return loudest;
        }

        private static float Sample(long frame)
        {
            return (frame * 7919 % 2003 - 1001) / 2002f;
        }

        private static float Cosine(double share)
        {
            return (float)(0.5 - 0.5 * Math.Cos(Math.PI * share));
        }

        private static void Noise(Playback playback, int step)
        {
            for (var i = 0; i < Audio.StepSamples; i++)
            {
                Step[2 * i] = Sample((long)step * Audio.StepSamples + i);
                Step[2 * i + 1] = -Step[2 * i];
            }
            Program.Check(playback.Write(Step, Audio.StepSamples), "no room");
        }

        private static int Tone(Playback playback, long from, double hz)
        {
            var period = Audio.RateHz / (int)Divisor(Audio.RateHz, (long)hz);
            if (_toneHz != hz) _tone = new double[period];
            for (var i = 0; i < period && _toneHz != hz; i++) _tone[i] = 0.5 * Math.Sin(2 * Math.PI * (i * hz / Audio.RateHz % 1));
            _toneHz = hz;
            for (var i = 0; i < Audio.StepSamples; i++) Step[2 * i] = Step[2 * i + 1] = (float)_tone[(from + i) % period];
            Program.Check(playback.Write(Step, Audio.StepSamples), "no room");
            return Audio.StepSamples;
        }

        private static long Divisor(long a, long b)
        {
            return b == 0 ? a : Divisor(b, a % b);
        }

        // How far the left channel is from the tone that it should be, the filter's constant delay taken into account.
        private static double Furthest(float[] data, long from, int rateHz)
        {
            double furthest = 0;
            var delay = rateHz == Audio.RateHz ? 0 : 1 + Math.Ceiling(32 * Math.Max(1, Audio.RateHz / (double)rateHz));
            for (var i = 0; i < data.Length / 2; i += 7)
            {
                var at = (from + i + 1) * (double)Audio.RateHz / rateHz - delay;
                if (rateHz == Audio.RateHz) at -= 1;
                furthest = Math.Max(furthest, Math.Abs(data[2 * i] - 0.5 * Math.Sin(2 * Math.PI * (at * 440 / Audio.RateHz % 1))));
            }
            return furthest;
        }
    }
}
