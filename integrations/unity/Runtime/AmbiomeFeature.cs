using UnityEngine;

namespace Ambiome
{
    /// <summary>
    /// Something in the world that sounds, where this object stands: a stream, a fire, a waterfall. The nearest sixteen are
    /// heard; every active <see cref="AmbiomeSource"/> of the loaded scenes tells their distance and direction by itself.
    /// </summary>
    [AddComponentMenu("Audio/Ambiome Feature")]
    [DisallowMultipleComponent]
    public sealed class AmbiomeFeature : MonoBehaviour
    {
        [Tooltip("What it is.")]
        public FeatureKind kind = FeatureKind.Stream;

        [Range(0, 1), Tooltip("0 the smallest of its kind, 1 the largest.")]
        public float size = 0.5f;

        [Tooltip("Farther away than this it is not told at all, in m.")]
        public float reach_m = 500;

        /// <summary>The name under which the server knows it: one of a kind among the objects of this run.</summary>
        public string Id { get { return id ?? (id = "unity" + GetHashCode()); } }

        private string id;

        private void OnEnable()
        {
            foreach (AmbiomeSource source in Found.All<AmbiomeSource>()) source.Add(this);
        }

        private void OnDisable()
        {
            foreach (AmbiomeSource source in Found.All<AmbiomeSource>()) source.Remove(this);
        }
    }

    /// <summary>Finds the active components of a kind, in any Unity.</summary>
    internal static class Found
    {
        public static T[] All<T>() where T : Object
        {
#if UNITY_2023_1_OR_NEWER
            return Object.FindObjectsByType<T>(FindObjectsSortMode.None);
#else
            return Object.FindObjectsOfType<T>();
#endif
        }
    }
}
