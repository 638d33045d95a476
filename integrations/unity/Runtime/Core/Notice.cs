using System.Collections.Generic;

namespace Ambiome
{
    /// <summary>What a <see cref="Notice"/> is about.</summary>
    public enum NoticeKind
    {
        /// <summary>
        /// There is a session. <see cref="Notice.Code"/>: <c>opened</c>, <c>resumed</c> (goes on at the exact sample) or
        /// <c>restarted</c> (the server had lost it: a new one, told the same world).
        /// </summary>
        Connected,

        /// <summary>The server is away, and tried every second. <see cref="Notice.Code"/>: <c>unreachable</c> or <c>lost</c>.</summary>
        Disconnected,

        /// <summary>A report of the scene: <see cref="Notice.Values"/> and <see cref="Notice.Targets"/>.</summary>
        Scene,

        /// <summary>
        /// Something was refused: <see cref="Notice.Code"/>, <see cref="Notice.Field"/> and <see cref="Notice.Detail"/> are the
        /// protocol's. Everything else goes on, unless the client's state is <see cref="ClientState.Failed"/>.
        /// </summary>
        Error,

        /// <summary>Something is not as the game may think, but nothing is wrong.</summary>
        Warning,

        /// <summary>There was nothing to play. <see cref="Notice.Count"/> says how often so far.</summary>
        Underrun
    }

    /// <summary>Something that the game may want to know of.</summary>
    public struct Notice
    {
        /// <summary>What it is about.</summary>
        public NoticeKind Kind;

        /// <summary>A word for programs; for errors and warnings the protocol's.</summary>
        public string Code;

        /// <summary>The path to the field concerned, as in <c>world.weather.rain_mm_h</c>; empty for none.</summary>
        public string Field;

        /// <summary>A sentence for people.</summary>
        public string Detail;

        /// <summary>How often so far, where that makes sense.</summary>
        public long Count;

        /// <summary>The scene's parameters as they are, by name (numbers); null unless this is a scene.</summary>
        public Dictionary<string, object> Values;

        /// <summary>What they move to, by name (numbers); null unless this is a scene.</summary>
        public Dictionary<string, object> Targets;

        /// <summary>Makes a notice of one kind.</summary>
        public Notice(NoticeKind kind, string code, string detail, string field = "")
        {
            Kind = kind;
            Code = code;
            Detail = detail;
            Field = field;
            Count = 0;
            Values = null;
            Targets = null;
        }

        /// <summary>One line for a log.</summary>
        public override string ToString()
        {
            var field = string.IsNullOrEmpty(Field) ? "" : " (" + Field + ")";
            return "Ambiome: " + Kind.ToString().ToLowerInvariant() + " " + Code + field + ": " + Detail;
        }
    }
}
