using System;
using System.Collections.Generic;
using UnityEngine;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>
    /// Tells the server where the features lie, seen from the listener: those that moved by more than 3 % or 2 degrees, or
    /// changed. At most sixteen at a time, the nearest; one that is told keeps its place until another is a tenth nearer.
    /// </summary>
    internal sealed class FeatureTeller
    {
        /// <summary>As many as the server places.</summary>
        public const int Most = 16;

        private const float FarShare = 0.03f, TurnDeg = 2, SizeStep = 0.02f, Loyalty = 0.9f;

        private readonly List<AmbiomeFeature> features = new List<AmbiomeFeature>();
        private readonly List<Place> places = new List<Place>();
        private readonly Dictionary<string, Place> told = new Dictionary<string, Place>();
        private readonly List<string> gone = new List<string>();

        /// <summary>How many are told.</summary>
        public int Count { get { return told.Count; } }

        public void Add(AmbiomeFeature feature)
        {
            if (!features.Contains(feature)) features.Add(feature);
        }

        public void Remove(AmbiomeFeature feature) { features.Remove(feature); }

        /// <summary>Forgets what was told: there is a new session that knows nothing.</summary>
        public void Forget() { told.Clear(); }

        /// <summary>Calls `tell` with a location for each feature that is not as it was told.</summary>
        public void Tell(Vector3 listener, float metresPerUnit, Action<Map> tell)
        {
            Find(listener, metresPerUnit);
            foreach (string id in told.Keys)
                if (!IsPlaced(id)) gone.Add(id);
            foreach (string id in gone)
            {
                told.Remove(id);
                tell(new Map { { "feature_remove", id } });
            }
            gone.Clear();
            foreach (Place place in places)
            {
                if (told.TryGetValue(place.Id, out Place was) && !place.IsUnlike(was)) continue;
                told[place.Id] = place;
                tell(new Map { { "feature_set", place.ToMap() } });
            }
        }

        private void Find(Vector3 listener, float metresPerUnit)
        {
            places.Clear();
            for (int i = features.Count - 1; i >= 0; i--)
            {
                AmbiomeFeature feature = features[i];
                if (feature == null) features.RemoveAt(i);
                else Consider(feature, feature.transform.position - listener, metresPerUnit);
            }
            if (places.Count <= Most) return;
            places.Sort(Place.ByRank);
            places.RemoveRange(Most, places.Count - Most);
        }

        private void Consider(AmbiomeFeature feature, Vector3 way, float metresPerUnit)
        {
            if (!feature.isActiveAndEnabled || way.magnitude * metresPerUnit > feature.reach_m) return;
            bool isTold = told.TryGetValue(feature.Id, out Place was);
            var place = new Place
            {
                Id = feature.Id,
                Kind = feature.kind,
                Size = Mathf.Clamp01(feature.size),
                DistanceM = Bearings.Distance(way, metresPerUnit)
            };
            if (!Bearings.TryOf(way, out place.AzimuthDeg)) place.AzimuthDeg = isTold ? was.AzimuthDeg : 0;
            place.Rank = place.DistanceM * (isTold ? Loyalty : 1);
            places.Add(place);
        }

        private bool IsPlaced(string id)
        {
            foreach (Place place in places)
                if (place.Id == id) return true;
            return false;
        }

        private struct Place
        {
            public static readonly Comparison<Place> ByRank = (one, other) => one.Rank.CompareTo(other.Rank);

            public string Id;
            public FeatureKind Kind;
            public float Size, DistanceM, AzimuthDeg, Rank;

            public bool IsUnlike(Place was)
            {
                return Kind != was.Kind || Math.Abs(Size - was.Size) > SizeStep
                    || Math.Abs(DistanceM - was.DistanceM) > FarShare * was.DistanceM
                    || Bearings.Apart(AzimuthDeg, was.AzimuthDeg) > TurnDeg;
            }

            public Map ToMap()
            {
                return new Map
                {
                    { "id", Id }, { "kind", Names.Of(Kind) }, { "size", Maps.Number(Size) },
                    { "distance_m", Maps.Number(DistanceM) }, { "azimuth_deg", Maps.Number(AzimuthDeg) }
                };
            }
        }
    }
}
