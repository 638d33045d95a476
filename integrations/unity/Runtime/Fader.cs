namespace Ambiome
{
    /// <summary>The component's own volume, on the audio thread: a change takes one block, so that nothing clicks.</summary>
    internal sealed class Fader
    {
        private volatile float wanted;
        private volatile float level;
        private float heard;

        /// <summary>The volume to go to, 0 to 1. Any thread.</summary>
        public float Volume { set { wanted = Held(value); } }

        /// <summary>The highest sample of the last block, 0 to 1. Any thread.</summary>
        public float Level { get { return level; } }

        /// <summary>Starts at that volume, with no block before. While the audio thread is elsewhere.</summary>
        public void Reset(float volume)
        {
            wanted = heard = Held(volume);
            level = 0;
        }

        /// <summary>Turns one block of interleaved samples down. No allocation.</summary>
        public void Apply(float[] data, int channels)
        {
            float from = heard, to = wanted, highest = 0;
            int frames = data.Length / channels;
            for (int frame = 0, at = 0; frame < frames; frame++)
            {
                float gain = from + (to - from) * (frame + 1) / frames;
                for (int channel = 0; channel < channels; channel++, at++)
                {
                    float sample = data[at] * gain;
                    data[at] = sample;
                    if (sample > highest) highest = sample;
                    else if (-sample > highest) highest = -sample;
                }
            }
            heard = to;
            level = highest;
        }

        // What is no number is silence, not noise.
        private static float Held(float volume) { return volume >= 0 ? volume > 1 ? 1 : volume : 0; }
    }
}
