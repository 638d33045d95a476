using System;
using UnityEngine;

namespace Ambiome
{
    /// <summary>Directions as the protocol has them: degrees clockwise from north, seen from above. North is +Z, east +X.</summary>
    public static class Bearings
    {
        /// <summary>Nearest and farthest at which the server places a feature, m.</summary>
        public const float NearestM = 0.5f, FarthestM = 5000;

        // Below this share of a direction that is level, where it points says nothing.
        private const float LevelShare = 1e-3f;

        /// <summary>The bearing of a direction, 0 to below 360; false for one that points straight up or down.</summary>
        public static bool TryOf(Vector3 direction, out float degrees)
        {
            float level = Mathf.Sqrt(direction.x * direction.x + direction.z * direction.z);
            degrees = Turned(Mathf.Atan2(direction.x, direction.z) * Mathf.Rad2Deg);
            return level > LevelShare * direction.magnitude;
        }

        /// <summary>Where a listener looks; looking straight down, what is up in his picture is ahead of him.</summary>
        public static bool TryHeading(Transform listener, out float degrees)
        {
            if (TryOf(listener.forward, out degrees)) return true;
            return TryOf(listener.forward.y > 0 ? -listener.up : listener.up, out degrees);
        }

        /// <summary>How far two bearings lie apart along the shorter arc, 0 to 180.</summary>
        public static float Apart(float one, float other)
        {
            float apart = Turned(one - other);
            return apart > 180 ? 360 - apart : apart;
        }

        /// <summary>A distance in m that the server takes.</summary>
        public static float Distance(Vector3 way, float metresPerUnit)
        {
            return Math.Max(NearestM, Math.Min(FarthestM, way.magnitude * metresPerUnit));
        }

        // Any angle in degrees as 0 to below 360.
        private static float Turned(float degrees)
        {
            float turned = degrees % 360;
            if (turned < 0) turned += 360;
            return turned >= 360 ? 0 : turned;
        }
    }
}
