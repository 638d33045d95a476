using System;
using UnityEngine;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>The time of day and year in the world; the sun's height follows from it. The protocol's names.</summary>
    [Serializable]
    public sealed class TimeOfDay
    {
        [Span(0, 24, "h"), Tooltip("Local solar time, hours. With a rate, the server lets it go on from here.")]
        public Optional hour;
        [Span(1, 366), Tooltip("Day of the year; 1 is the first of January.")]
        public Optional day_of_year;
        [Span(-90, 90, "°"), Tooltip("Latitude, degrees; north is positive.")]
        public Optional latitude_deg;
        [Span(0, 86400, "s/s"), Tooltip("Game seconds a second; 0 stands still, 1440 is a day a minute.")]
        public Optional rate;

        /// <summary>Every field, in the protocol's order.</summary>
        public static readonly Field<TimeOfDay>[] Table =
        {
            new Field<TimeOfDay>("hour", t => t.hour, (t, v) => t.hour = v),
            new Field<TimeOfDay>("day_of_year", t => t.day_of_year, (t, v) => t.day_of_year = v, true),
            new Field<TimeOfDay>("latitude_deg", t => t.latitude_deg, (t, v) => t.latitude_deg = v),
            new Field<TimeOfDay>("rate", t => t.rate, (t, v) => t.rate = v),
        };

        /// <summary>What is told, under the protocol's names.</summary>
        public Map ToMap()
        {
            var map = new Map();
            Fields.Write(Table, this, map);
            return map;
        }

        /// <summary>Sets the field of that name to a number or null; false where that cannot be.</summary>
        internal bool TrySet(string name, object value) { return Fields.TrySet(Table, this, name, value); }

        internal void AddTo(ref Stamp stamp) { Fields.Stamp(Table, this, ref stamp); }
    }
}
