using System;

namespace Ambiome
{
    /// <summary>What a <see cref="Client"/> is made with. It is copied: a later change here changes nothing there.</summary>
    public sealed class ClientOptions
    {
        /// <summary>The address of a server where nothing else is said.</summary>
        public const string DefaultAddress = "tcp://127.0.0.1:5571";

        /// <summary>Where the server listens: <c>tcp://host:port</c>; an IPv6 host stands in brackets.</summary>
        public string Address = DefaultAddress;

        /// <summary>Decides everything that is left to chance; 0 to 2^63 - 1.</summary>
        public long Seed;

        /// <summary>Whether the learned renderer is to make the sound; a server offers it where it was told to.</summary>
        public bool IsNeural;

        /// <summary>A place that many listeners share, by name; empty for one of its own.</summary>
        public string Zone = "";

        /// <summary>What makes an owner of the zone, whose world is heard: 32 hexadecimal digits, or empty.</summary>
        public string ZoneKey = "";

        /// <summary>How many reports of the scene a second are wanted, 0 (none) to 25.</summary>
        public double TelemetryHz;

        /// <summary>
        /// How much sound is kept in hand, in steps of 40 ms, 2 to 20. With 4, 120 to 160 ms wait: a change is heard about
        /// so much later, and so much may be late without being missed.
        /// </summary>
        public int BufferSteps = 4;

        /// <summary>A copy with what cannot be brought to what can: the client never dies of its options.</summary>
        internal ClientOptions Checked()
        {
            return new ClientOptions
            {
                Address = Address ?? "",
                Seed = Seed,
                IsNeural = IsNeural,
                Zone = Zone ?? "",
                ZoneKey = ZoneKey ?? "",
                TelemetryHz = TelemetryHz,
                BufferSteps = Math.Max(2, Math.Min(20, BufferSteps))
            };
        }
    }
}
