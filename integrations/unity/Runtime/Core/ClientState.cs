namespace Ambiome
{
    /// <summary>Where a <see cref="Client"/> stands.</summary>
    public enum ClientState
    {
        /// <summary>Not started yet.</summary>
        Idle,

        /// <summary>Looks for a server, or for the one that it lost; tries every second, without end.</summary>
        Connecting,

        /// <summary>Has a session: sound comes.</summary>
        Connected,

        /// <summary>Given up, since trying again could not help: see the last <see cref="NoticeKind.Error"/>.</summary>
        Failed,

        /// <summary>Disposed of.</summary>
        Closed
    }
}
