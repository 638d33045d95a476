using System;

namespace Ambiome
{
    /// <summary>The books of a session's credit, in steps: what came, what was granted, and what is due.</summary>
    internal sealed class Ledger
    {
        /// <summary>A credit is sent at least this often, in seconds, also while paused.</summary>
        public const double KeepAliveS = 1;

        private const int MostOutstanding = 25;

        private readonly int _bufferSteps;
        private double _sentAt = double.NegativeInfinity;

        public Ledger(int bufferSteps)
        {
            _bufferSteps = bufferSteps;
        }

        /// <summary>The step that the server sends next.</summary>
        public long Arrived;

        /// <summary>The highest credit sent.</summary>
        public long Sent { get; private set; }

        /// <summary>Whether nothing more is granted.</summary>
        public bool IsPaused;

        /// <summary>Whether the server has credit that it has not used up.</summary>
        public bool IsOwed
        {
            get { return Sent > Arrived; }
        }

        /// <summary>Starts over with a session, new or resumed, that sends this step next.</summary>
        public void Open(long nextStep)
        {
            Arrived = Sent = nextStep;
            _sentAt = double.NegativeInfinity;
        }

        /// <summary>
        /// Whether a credit is to be sent now, with so many steps waiting to be played: when there is more to grant, and every
        /// <see cref="KeepAliveS"/> in any case. Then <see cref="Sent"/> is up to where.
        /// </summary>
        public bool IsDue(double waitingSteps, double now)
        {
            var room = (long)Math.Floor(_bufferSteps - waitingSteps);
            var until = IsPaused ? Sent : Math.Max(Sent, Arrived + Math.Max(0, Math.Min(MostOutstanding, room)));
            if (until == Sent && now < _sentAt + KeepAliveS) return false;
            Sent = until;
            _sentAt = now;
            return true;
        }
    }
}
