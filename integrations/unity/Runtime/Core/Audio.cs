using System;

namespace Ambiome
{
    /// <summary>The second part of a frame, to samples.</summary>
    public static class Audio
    {
        /// <summary>Samples a second, of each channel.</summary>
        public const int RateHz = 48000;

        /// <summary>Instants of a step, 40 ms.</summary>
        public const int StepSamples = 1920;

        private const float S16Scale = 32767f;

        /// <summary>Bytes of a sample. ProtocolException for a format that does not exist.</summary>
        public static int SampleBytes(string format)
        {
            if (format == "f32le") return 4;
            if (format == "s16le") return 2;
            throw new ProtocolException("unknown_name", "format '" + format + "' is none", "format");
        }

        /// <summary>
        /// Writes the samples of <paramref name="data"/>, interleaved as they came, full scale -1 to 1, to
        /// <paramref name="into"/> and returns how many there are. What is no number, or absurdly loud, becomes silence.
        /// ProtocolException if the bytes are no whole number of instants, or too many.
        /// </summary>
        public static int Unpack(ArraySegment<byte> data, string format, int channels, float[] into)
        {
            var sampleBytes = SampleBytes(format);
            var count = data.Count / sampleBytes;
            if (data.Count % (sampleBytes * channels) != 0 || count > into.Length)
                throw new ProtocolException("malformed", "audio of " + data.Count + " bytes", "audio");
            if (format == "s16le") UnpackWhole(data, into, count);
            else UnpackFloat(data, into, count);
            return count;
        }

        /// <summary>The step of a time in seconds: the first one that begins then or later, within a microsecond.</summary>
        public static long StepAt(double atS)
        {
            return Math.Max(0, (long)Math.Ceiling((atS - 0.000001) * 25));
        }

        private static void UnpackWhole(ArraySegment<byte> data, float[] into, int count)
        {
            for (int i = 0, at = data.Offset; i < count; i++, at += 2)
                into[i] = (short)(data.Array[at] | (data.Array[at + 1] << 8)) / S16Scale;
        }

        private static void UnpackFloat(ArraySegment<byte> data, float[] into, int count)
        {
            if (BitConverter.IsLittleEndian) Buffer.BlockCopy(data.Array, data.Offset, into, 0, 4 * count);
            else
                for (int i = 0, at = data.Offset; i < count; i++, at += 4)
                    into[i] = BitConverter.ToSingle(new[] { data.Array[at + 3], data.Array[at + 2], data.Array[at + 1], data.Array[at] }, 0);
            for (var i = 0; i < count; i++)
                if (!(into[i] > -8f && into[i] < 8f)) into[i] = 0f;
        }
    }
}
