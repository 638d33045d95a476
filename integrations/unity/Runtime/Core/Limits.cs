namespace Ambiome
{
    /// <summary>The protocol's limits on what may come in, enforced before memory is taken. See "Limits" in SPEC.md.</summary>
    public sealed class Limits
    {
        /// <summary>The limits of a client's message.</summary>
        public static readonly Limits Client = new Limits(16384, 32, 64, 1024);

        /// <summary>The limits of the first part of a server's message.</summary>
        public static readonly Limits Server = new Limits(262144, 256, 256, 4096);

        /// <summary>Bytes of a resume token, and the most that binary data may have.</summary>
        public const int TokenBytes = 16;

        /// <summary>Levels of maps and arrays within each other.</summary>
        public const int Depth = 8;

        /// <summary>The highest step, count and sequence number: 2^53 - 1.</summary>
        public const long Count = 9007199254740991;

        /// <summary>The most bytes of a message.</summary>
        public readonly int MessageBytes;

        /// <summary>The most entries of a map.</summary>
        public readonly int MapEntries;

        /// <summary>The most items of an array.</summary>
        public readonly int ArrayItems;

        /// <summary>The most bytes of a string, in UTF-8.</summary>
        public readonly int StringBytes;

        private Limits(int messageBytes, int mapEntries, int arrayItems, int stringBytes)
        {
            MessageBytes = messageBytes;
            MapEntries = mapEntries;
            ArrayItems = arrayItems;
            StringBytes = stringBytes;
        }
    }
}
