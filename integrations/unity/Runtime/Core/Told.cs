using System;
using System.Collections.Generic;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>
    /// The changes of a session on their way: not sent yet, sent but not in effect yet, and (in <see cref="Memory"/>) in effect.
    /// </summary>
    /// <remarks>
    /// A change is in effect with the first frame whose <c>applied_seq</c> is not below its own. At most <see cref="Window"/>
    /// are sent and not in effect, lest a paused session fill its server; what waits meanwhile, or while there is no server,
    /// is merged with what it follows where that says the same, and bounded.
    /// </remarks>
    internal sealed class Told
    {
        /// <summary>The most changes that are sent and not known to be in effect.</summary>
        public const int Window = 128;

        private const int MostUnsent = 512;

        private readonly Memory _memory = new Memory();
        private readonly List<Map> _unsent = new List<Map>();
        private readonly List<Map> _sent = new List<Map>();
        private long _seq;

        /// <summary>The last number that was given at the last reconnection: what was sent again is not above it.</summary>
        public long Resent { get; private set; }

        /// <summary>Takes a change; false if it was one too many and the oldest that waited was left out.</summary>
        public bool Add(Map change)
        {
            if (!IsMerged(change)) _unsent.Add(change);
            if (_unsent.Count <= MostUnsent) return true;
            var oldestEvent = _unsent.FindIndex(waiting => Equals(waiting["type"], "event"));
            _unsent.RemoveAt(Math.Max(0, oldestEvent));
            return false;
        }

        /// <summary>The next change to send, now under a number, if any may be sent.</summary>
        public bool TryNext(out Map change)
        {
            change = null;
            if (_unsent.Count == 0 || _sent.Count >= Window) return false;
            change = _unsent[0];
            _unsent.RemoveAt(0);
            change["seq"] = ++_seq;
            _sent.Add(change);
            return true;
        }

        /// <summary>What may not be told is kept, as if it were in effect at this step.</summary>
        public void Keep(long step)
        {
            Map change;
            while (TryNext(out change)) Acknowledge(_seq, step);
        }

        /// <summary>A frame of this step came with this <c>applied_seq</c>.</summary>
        public void Acknowledge(long appliedSeq, long step)
        {
            while (_sent.Count > 0 && (long)_sent[0]["seq"] <= appliedSeq)
            {
                _memory.Tell(_sent[0], step);
                _sent.RemoveAt(0);
            }
        }

        /// <summary>The server refused this change: it is not told again.</summary>
        public void Refuse(long seq)
        {
            _sent.RemoveAll(change => (long)change["seq"] == seq);
        }

        /// <summary>The same session is back, and has heard everything up to this number: what to send again, in order.</summary>
        public List<Map> Resume(long lastSeq)
        {
            Resent = _seq;
            return _sent.FindAll(change => (long)change["seq"] > lastSeq);
        }

        /// <summary>There is a new session, whose first step follows on the old one's: everything is to be told anew.</summary>
        public void StartOver(long step, long firstStep)
        {
            var told = _memory.Move(step, firstStep);
            told.AddRange(_sent);
            _sent.Clear();
            _unsent.InsertRange(0, told);
            Resent = _seq;
        }

        private bool IsMerged(Map change)
        {
            if (_unsent.Count == 0) return false;
            var last = _unsent[_unsent.Count - 1];
            if (Equals(last["type"], change["type"]) && IsPlain(last) && IsPlain(change))
            {
                last.Remove("transition_s");
                Memory.Merge(change, last);
                return true;
            }
            var feature = SetFeature(change);
            for (var i = _unsent.Count - 1; feature != null && i >= 0 && (IsPlain(_unsent[i]) || SetFeature(_unsent[i]) != null); i--)
            {
                if (!feature.Equals(SetFeature(_unsent[i]))) continue;
                _unsent[i] = change;
                return true;
            }
            return false;
        }

        // A change that may be merged with another: no event, no cut, nothing about features.
        private static bool IsPlain(Map change)
        {
            if (change.ContainsKey("cut") || change.ContainsKey("event")) return false;
            var world = Values.Get(change, "world");
            var location = world == null ? null : Values.Get(world, "location");
            if (location == null) return true;
            foreach (var field in location.Keys)
                if (field.StartsWith("feature", StringComparison.Ordinal)) return false;
            return true;
        }

        // The id of the feature that a change sets, if it does that and nothing else.
        private static object SetFeature(Map change)
        {
            var world = Values.Get(change, "world");
            var location = world == null ? null : Values.Get(world, "location");
            var feature = location == null || world.Count > 1 || location.Count > 1 ? null : Values.Get(location, "feature_set");
            object id = null;
            if (feature != null) feature.TryGetValue("id", out id);
            return id;
        }
    }
}
