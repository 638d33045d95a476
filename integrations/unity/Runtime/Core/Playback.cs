using System;
using System.Threading;

namespace Ambiome
{
    /// <summary>
    /// From the network thread's frames to the audio thread's callback: keeps them in a ring, fades, resamples, spreads.
    /// </summary>
    /// <remarks>
    /// The rules, as (state, what happens) → what is done, and the state after it:
    ///
    ///   silent   enough waits, not paused                   plays on at the next sample, rising for 15 ms    → rising
    ///   silent   else                                       silence; takes nothing                           → silent
    ///   rising   15 ms are over                             plays untouched                                  → playing
    ///   playing  only 10 ms are left, not at a seam         counts an underrun, falls over those 10 ms       → falling
    ///   playing  only 10 ms are left before a seam          falls over those 10 ms                           → falling
    ///   playing  paused                                     falls over the next 10 ms                        → falling
    ///   falling  10 ms are over                             silence                                          → silent
    ///
    /// Every sample is played once and in order, under a gain of 1 but for the ramps (raised cosines). Frames are stereo at
    /// 48 kHz, interleaved; at an output of 48 kHz they come out bit for bit.
    /// </remarks>
    public sealed class Playback : IFrames
    {
        private const int RiseFrames = 720, FallFrames = 480, BlockFrames = 512, RingFrames = 65536;
        private const float Half = 0.5f;

        private enum State
        {
            Silent,
            Rising,
            Playing,
            Falling
        }

        private readonly SampleRing _ring = new SampleRing(RingFrames);
        private readonly Resampler _resampler = new Resampler(BlockFrames);
        private readonly float[] _input = new float[2 * BlockFrames];
        private readonly float[] _output = new float[2 * BlockFrames];
        private readonly float[] _rise = Ramp(RiseFrames, false);
        private readonly float[] _fall = Ramp(FallFrames, true);
        private readonly int _startFrames;
        private State _state;
        private int _rampAt;
        private long _underruns;
        private bool _isPaused;

        /// <summary>One that begins to play when <paramref name="startSteps"/> steps are there.</summary>
        public Playback(int startSteps)
        {
            _startFrames = Math.Max(1, startSteps) * Audio.StepSamples;
        }

        /// <summary>Whether it is to fall silent, and to go on at the next sample when it no longer is. Any thread.</summary>
        public bool IsPaused
        {
            get { return Volatile.Read(ref _isPaused); }
            set { Volatile.Write(ref _isPaused, value); }
        }

        /// <summary>Times that there was nothing to play. Any thread.</summary>
        public long Underruns
        {
            get { return Volatile.Read(ref _underruns); }
        }

        /// <summary>Frames of 48 kHz that wait. Any thread.</summary>
        public int Waiting
        {
            get { return _ring.Waiting; }
        }

        /// <summary>Frames of 48 kHz played so far. Any thread.</summary>
        public long Played
        {
            get { return _ring.ReadSoFar; }
        }

        /// <summary>Adds interleaved stereo frames of 48 kHz; false, and nothing done, if there is no room. Network thread.</summary>
        public bool Write(float[] interleaved, int frames)
        {
            return _ring.Write(interleaved, frames);
        }

        /// <summary>What comes next does not go on where the last frame ended: fade between them. Network thread.</summary>
        public void MarkSeam()
        {
            _ring.MarkSeam();
        }

        /// <summary>
        /// Fills <paramref name="data"/>, interleaved, at any rate and with any number of channels: one gets the mean of both,
        /// more get left and right first and silence on the rest. Never waits, locks, or allocates. Audio thread.
        /// </summary>
        public void Fill(float[] data, int channels, int outputRateHz)
        {
            if (data == null || channels < 1) return;
            _resampler.RateHz = outputRateHz;
            var frames = data.Length / channels;
            var most = Math.Min(BlockFrames, _resampler.MostOutputs);
            for (var done = 0; done < frames;)
            {
                var count = Math.Min(most, frames - done);
                Take(_resampler.InputFor(count));
                _resampler.Process(_input, _output, count);
                Spread(data, channels, done, count);
                done += count;
            }
            Array.Clear(data, frames * channels, data.Length - frames * channels);
        }

        private void Spread(float[] data, int channels, int from, int count)
        {
            if (channels == 2)
            {
                Array.Copy(_output, 0, data, 2 * from, 2 * count);
            }
            else if (channels == 1)
            {
                for (var i = 0; i < count; i++) data[from + i] = Half * (_output[2 * i] + _output[2 * i + 1]);
            }
            else
            {
                Array.Clear(data, from * channels, count * channels);
                for (int i = 0, at = from * channels; i < count; i++, at += channels)
                {
                    data[at] = _output[2 * i];
                    data[at + 1] = _output[2 * i + 1];
                }
            }
        }

        private void Take(int frames)
        {
            for (var done = 0; done < frames;)
            {
                switch (_state)
                {
                    case State.Silent:
                        if (CanStart())
                        {
                            Turn(State.Rising);
                            break;
                        }
                        Array.Clear(_input, 2 * done, 2 * (frames - done));
                        return;
                    case State.Rising:
                        done += Slope(_rise, done, frames - done, State.Playing);
                        break;
                    case State.Playing:
                        done += Play(done, frames - done);
                        break;
                    case State.Falling:
                        done += Slope(_fall, done, frames - done, State.Silent);
                        break;
                }
            }
        }

        private bool CanStart()
        {
            if (IsPaused) return false;
            if (_ring.HasSeam && _ring.Readable < RiseFrames + FallFrames) _ring.PassSeam();
            return _ring.HasSeam || _ring.Readable >= _startFrames;
        }

        private int Play(int done, int wanted)
        {
            var sound = _ring.Readable - FallFrames;
            if (IsPaused) sound = 0;
            else if (sound <= 0 && !_ring.HasSeam) Volatile.Write(ref _underruns, _underruns + 1);
            if (sound <= 0)
            {
                Turn(State.Falling);
                return 0;
            }
            var count = Math.Min(wanted, sound);
            _ring.Read(_input, done, count);
            return count;
        }

        private int Slope(float[] ramp, int done, int wanted, State then)
        {
            var count = Math.Min(wanted, ramp.Length - _rampAt);
            _ring.Read(_input, done, count);
            for (var i = 0; i < count; i++)
            {
                _input[2 * (done + i)] *= ramp[_rampAt + i];
                _input[2 * (done + i) + 1] *= ramp[_rampAt + i];
            }
            _rampAt += count;
            if (_rampAt == ramp.Length) Turn(then);
            return count;
        }

        private void Turn(State state)
        {
            _state = state;
            _rampAt = 0;
        }

        private static float[] Ramp(int frames, bool isFalling)
        {
            var ramp = new float[frames];
            for (var i = 0; i < frames; i++)
            {
                var share = (i + 0.5) / frames;
                ramp[i] = (float)(0.5 - 0.5 * Math.Cos(Math.PI * (isFalling ? 1 - share : share)));
            }
            return ramp;
        }
    }
}
