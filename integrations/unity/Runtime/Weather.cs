using System;
using UnityEngine;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>
    /// The weather at the listener's place, out in the open, under the protocol's names. What is derived is worked out by
    /// the server from the rest.
    /// </summary>
    [Serializable]
    public sealed class Weather
    {
        [Span(0, 200, "mm/h"), Tooltip("Rain, mm/h. 1 a drizzle, 4 rain, 15 heavy, 50 a cloudburst.")]
        public Optional rain_mm_h;
        [Span(0, 50, "mm/h"), Tooltip("Snow, mm/h as water.")]
        public Optional snow_mm_h;
        [Span(0, 100, "mm/h"), Tooltip("Hail, mm/h as water.")]
        public Optional hail_mm_h;
        [Span(0, 60, "m/s"), Tooltip("Mean wind 10 m above ground, m/s. 2 a breeze, 10 fresh, 20 a gale.")]
        public Optional wind_m_s;
        [Span(0, 90, "m/s"), Tooltip("Wind in gusts, m/s; at least the mean.")]
        public Optional gust_m_s;
        [Span(0, 360, "°"), Tooltip("Where the wind comes from, degrees clockwise from north (+Z).")]
        public Optional wind_from_deg;
        [Span(0, 1), Tooltip("Share of the sky in cloud.")]
        public Optional cloud;
        [Span(0, 1), Tooltip("0 clear, 1 dense fog.")]
        public Optional fog;
        [Span(-60, 60, "°C"), Tooltip("Temperature of the air, °C.")]
        public Optional temperature_c;
        [Span(0, 1), Tooltip("Relative humidity.")]
        public Optional humidity;
        [Span(0, 1), Tooltip("Water on ground and leaves. Derived: wets with rain, dries after it.")]
        public Optional wetness;
        [Span(0, 60, "1/min"), Tooltip("Lightning strokes a minute.")]
        public Optional thunder_per_min;
        [Span(0.05f, 30, "km"), Tooltip("Distance of the storm, km.")]
        public Optional thunder_km;

        /// <summary>Every field, in the protocol's order.</summary>
        public static readonly Field<Weather>[] Table =
        {
            new Field<Weather>("rain_mm_h", w => w.rain_mm_h, (w, v) => w.rain_mm_h = v),
            new Field<Weather>("snow_mm_h", w => w.snow_mm_h, (w, v) => w.snow_mm_h = v),
            new Field<Weather>("hail_mm_h", w => w.hail_mm_h, (w, v) => w.hail_mm_h = v),
            new Field<Weather>("wind_m_s", w => w.wind_m_s, (w, v) => w.wind_m_s = v),
            new Field<Weather>("gust_m_s", w => w.gust_m_s, (w, v) => w.gust_m_s = v),
            new Field<Weather>("wind_from_deg", w => w.wind_from_deg, (w, v) => w.wind_from_deg = v),
            new Field<Weather>("cloud", w => w.cloud, (w, v) => w.cloud = v),
            new Field<Weather>("fog", w => w.fog, (w, v) => w.fog = v),
            new Field<Weather>("temperature_c", w => w.temperature_c, (w, v) => w.temperature_c = v),
            new Field<Weather>("humidity", w => w.humidity, (w, v) => w.humidity = v),
            new Field<Weather>("wetness", w => w.wetness, (w, v) => w.wetness = v),
            new Field<Weather>("thunder_per_min", w => w.thunder_per_min, (w, v) => w.thunder_per_min = v),
            new Field<Weather>("thunder_km", w => w.thunder_km, (w, v) => w.thunder_km = v),
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
