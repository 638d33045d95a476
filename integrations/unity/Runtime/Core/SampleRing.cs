using System;
using System.Threading;

namespace Ambiome
{
    /// <summary>
    /// Stereo samples from one thread to another, without a lock and without allocation: one writes, one reads.
    /// </summary>
    /// <remarks>
    /// Positions count frames (a sample of each channel) and only grow; each has one writer. A seam is a position at which
    /// the sound before and the sound after do not belong together: the reader is stopped there until it passes it.
    /// </remarks>
    public sealed class SampleRing
    {
        private const int Seams = 8;

        private readonly float[] _samples;
        private readonly int _mask;
        private readonly long[] _seams = new long[Seams];
        private long _written;
        private long _read;
        private int _seamsWritten;
        private int _seamsRead;

        /// <summary>A ring for at least so many frames.</summary>
        public SampleRing(int frames)
        {
            var size = 1;
            while (size < frames) size *= 2;
            _samples = new float[2 * size];
            _mask = size - 1;
        }

        /// <summary>Frames that may be written now. Writer.</summary>
        public int Free
        {
            get { return _mask + 1 - (int)(Volatile.Read(ref _written) - Volatile.Read(ref _read)); }
        }

        /// <summary>Frames that wait to be read, whatever seams lie among them. Any thread.</summary>
        public int Waiting
        {
            get
            {
                var read = Volatile.Read(ref _read);
                return (int)(Volatile.Read(ref _written) - read);
            }
        }

        /// <summary>Frames read so far. Any thread.</summary>
        public long ReadSoFar
        {
            get { return Volatile.Read(ref _read); }
        }

        /// <summary>Frames that may be read before the next seam. Reader.</summary>
        public int Readable
        {
            get
            {
                var end = HasSeam ? _seams[_seamsRead % Seams] : Volatile.Read(ref _written);
                return (int)(end - _read);
            }
        }

        /// <summary>Whether there is a seam ahead. Reader.</summary>
        public bool HasSeam
        {
            get { return Volatile.Read(ref _seamsWritten) != _seamsRead; }
        }

        /// <summary>Writes <paramref name="frames"/> interleaved frames; false, and nothing done, if there is no room. Writer.</summary>
        public bool Write(float[] interleaved, int frames)
        {
            if (frames > Free) return false;
            var at = (int)(_written & _mask);
            var first = Math.Min(frames, _mask + 1 - at);
            Array.Copy(interleaved, 0, _samples, 2 * at, 2 * first);
            Array.Copy(interleaved, 2 * first, _samples, 0, 2 * (frames - first));
            Volatile.Write(ref _written, _written + frames);
            return true;
        }

        /// <summary>Marks a seam after what is written. Writer.</summary>
        public void MarkSeam()
        {
            var last = _seamsWritten == 0 ? 0 : _seams[(_seamsWritten - 1) % Seams];
            if (_written == last || _seamsWritten - Volatile.Read(ref _seamsRead) >= Seams) return;
            _seams[_seamsWritten % Seams] = _written;
            Volatile.Write(ref _seamsWritten, _seamsWritten + 1);
        }

        /// <summary>Goes past the next seam; what lies before it and was not read is left out. Reader.</summary>
        public void PassSeam()
        {
            Volatile.Write(ref _read, _seams[_seamsRead % Seams]);
            Volatile.Write(ref _seamsRead, _seamsRead + 1);
        }

        /// <summary>Reads frames, no more than <see cref="Readable"/>, to <paramref name="into"/> from a frame on. Reader.</summary>
        public void Read(float[] into, int offset, int frames)
        {
            var at = (int)(_read & _mask);
            var first = Math.Min(frames, _mask + 1 - at);
            Array.Copy(_samples, 2 * at, into, 2 * offset, 2 * first);
            Array.Copy(_samples, 0, into, 2 * (offset + first), 2 * (frames - first));
            Volatile.Write(ref _read, _read + frames);
        }
    }
}
