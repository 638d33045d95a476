using System;

namespace Ambiome
{
    /// <summary>
    /// Stereo sound at 48 kHz to any output rate: a windowed-sinc filter for each phase, positions counted in whole
    /// numbers, so that nothing is dropped or repeated, however long it runs. At 48 kHz samples pass untouched.
    /// </summary>
    /// <remarks>
    /// 64 taps (more below 44.1 kHz) under a Kaiser window: flat to 18 kHz at 44.1 kHz, images and aliases below -80 dB.
    /// No allocation after the constructor.
    /// </remarks>
    public sealed class Resampler
    {
        /// <summary>The lowest output rate that it can make; one below counts as this.</summary>
        public const int LowestHz = 8000;

        /// <summary>The highest output rate that it can make; one above counts as this.</summary>
        public const int HighestHz = 384000;

        private const int Taps = 64, TableSize = 1 << 16;
        private const double Beta = 8.0, Transition = 0.08;

        private static readonly double Peak = Bessel(Beta);

        private readonly float[] _table = new float[TableSize];
        private readonly float[] _history;
        private readonly int _blockFrames;
        private int _rateHz = Audio.RateHz;
        private int _taps = 1;
        private int _phases = 1;
        private int _stepWhole = 1;
        private int _stepRest;
        private int _rest;

        /// <summary>One that is fed at most so many input frames at once.</summary>
        public Resampler(int blockFrames)
        {
            _blockFrames = blockFrames;
            _history = new float[2 * (MostTaps + blockFrames)];
        }

        private static int MostTaps
        {
            get { return Taps * (Audio.RateHz / LowestHz); }
        }

        /// <summary>The output rate in Hz. Setting another one makes the filter anew, in some milliseconds.</summary>
        public int RateHz
        {
            get { return _rateHz; }
            set
            {
                value = Math.Max(LowestHz, Math.Min(HighestHz, value));
                if (value != _rateHz) Configure(value);
            }
        }

        /// <summary>The input frames that so many output frames take.</summary>
        public int InputFor(int outputs)
        {
            return (int)(((long)outputs * Audio.RateHz + _rest) / _rateHz);
        }

        /// <summary>The most output frames that can be made at once.</summary>
        public int MostOutputs
        {
            get { return Math.Max(1, (int)((long)(_blockFrames - 1) * _rateHz / Audio.RateHz)); }
        }

        /// <summary>
        /// Makes <paramref name="outputs"/> frames, interleaved, in <paramref name="into"/> from <paramref name="input"/>, which
        /// holds just <see cref="InputFor"/> so many.
        /// </summary>
        public void Process(float[] input, float[] into, int outputs)
        {
            var inputs = InputFor(outputs);
            Array.Copy(input, 0, _history, 2 * _taps, 2 * inputs);
            if (_taps == 1) Array.Copy(input, 0, into, 0, 2 * outputs);
            else Convolve(into, outputs);
            Array.Copy(_history, 2 * inputs, _history, 0, 2 * _taps);
        }

        private void Convolve(float[] into, int outputs)
        {
            var at = 0;
            for (var i = 0; i < outputs; i++)
            {
                at += _stepWhole;
                _rest += _stepRest;
                if (_rest >= _rateHz)
                {
                    _rest -= _rateHz;
                    at++;
                }
                var scaled = (long)_rest * _phases;
                var row = (int)(scaled / _rateHz);
                var share = (float)(scaled - (long)row * _rateHz) / _rateHz;
                Dot(2 * at, row * _taps, share, into, 2 * i);
            }
        }

        private void Dot(int from, int row, float share, float[] into, int to)
        {
            float left = 0, right = 0;
            float[] table = _table, history = _history;
            var end = row + _taps;
            if (share == 0)
            {
                for (var tap = row; tap < end; tap += 2, from += 4) // the number of taps is even
                {
                    float one = table[tap], other = table[tap + 1];
                    left += one * history[from] + other * history[from + 2];
                    right += one * history[from + 1] + other * history[from + 3];
                }
            }
            else
            {
                for (int tap = row, next = end; tap < end; tap++, next++, from += 2)
                {
                    var weight = table[tap] + share * (table[next] - table[tap]);
                    left += weight * history[from];
                    right += weight * history[from + 1];
                }
            }
            into[to] = left;
            into[to + 1] = right;
        }

        private void Configure(int rateHz)
        {
            _rateHz = rateHz;
            _rest = 0;
            _stepWhole = Audio.RateHz / rateHz;
            _stepRest = Audio.RateHz % rateHz;
            Array.Clear(_history, 0, _history.Length);
            _taps = 1;
            if (rateHz == Audio.RateHz) return;
            var narrow = Math.Min(1.0, rateHz / (double)Audio.RateHz);
            _taps = 2 * (int)Math.Ceiling(Taps / 2 / narrow);
            _phases = Math.Min(rateHz / Divisor(rateHz, Audio.RateHz), TableSize / _taps - 1);
            var cutoff = narrow * (1 - Transition);
            for (var row = 0; row <= _phases; row++) MakeRow(row, cutoff);
        }

        // The tap before which the output lies moves from the middle's one to the next as the phase goes from 0 to 1.
        private void MakeRow(int row, double cutoff)
        {
            var sum = 0.0;
            var half = _taps / 2;
            for (var tap = 0; tap < _taps; tap++)
            {
                var x = tap - (half - 1) - row / (double)_phases;
                var weight = cutoff * Sinc(cutoff * x) * Kaiser(x / half);
                _table[row * _taps + tap] = (float)weight;
                sum += weight;
            }
            for (var tap = 0; tap < _taps; tap++) _table[row * _taps + tap] /= (float)sum;
        }

        private static double Sinc(double x)
        {
            return Math.Abs(x) < 1e-9 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
        }

        private static double Kaiser(double x)
        {
            return Math.Abs(x) >= 1 ? 0 : Bessel(Beta * Math.Sqrt(1 - x * x)) / Peak;
        }

        private static double Bessel(double x)
        {
            double sum = 1, term = 1;
            for (var k = 1; term > 1e-10 * sum; k++)
            {
                term *= x / (2 * k) * (x / (2 * k));
                sum += term;
            }
            return sum;
        }

        private static int Divisor(int a, int b)
        {
            return b == 0 ? a : Divisor(b, a % b);
        }
    }
}
