using System;
using UnityEngine;

namespace Ambiome
{
    /// <summary>
    /// A number that is told, or derived: left to the server, which works it out from the rest of the world.
    /// A plain number converts to it: <c>weather.rain_mm_h = 4</c>; <c>Optional.Derived</c> takes it back. NaN is derived.
    /// </summary>
    [Serializable]
    public struct Optional : IEquatable<Optional>
    {
        [SerializeField] private bool isTold;
        [SerializeField] private float value;

        /// <summary>A told number.</summary>
        public Optional(float value)
        {
            isTold = !float.IsNaN(value);
            this.value = isTold ? value : 0;
        }

        /// <summary>Left to the server.</summary>
        public static Optional Derived { get { return new Optional(float.NaN); } }

        /// <summary>Whether the number is told; else it is derived.</summary>
        public bool IsTold { get { return isTold; } }

        /// <summary>The number; 0 where it is derived.</summary>
        public float Value { get { return isTold ? value : 0; } }

        public static implicit operator Optional(float value) { return new Optional(value); }

        public static bool operator ==(Optional one, Optional other) { return one.Equals(other); }

        public static bool operator !=(Optional one, Optional other) { return !one.Equals(other); }

        public bool Equals(Optional other) { return isTold == other.isTold && Value.Equals(other.Value); }

        public override bool Equals(object other) { return other is Optional && Equals((Optional)other); }

        public override int GetHashCode() { return isTold ? value.GetHashCode() : -1; }

        public override string ToString() { return isTold ? value.ToString("0.###") : "derived"; }
    }

    /// <summary>The range and unit of an <see cref="Optional"/> in the protocol, for the inspector's slider.</summary>
    [AttributeUsage(AttributeTargets.Field)]
    public sealed class SpanAttribute : PropertyAttribute
    {
        /// <summary>The lowest value that the server takes.</summary>
        public readonly float Min;

        /// <summary>The highest value that the server takes.</summary>
        public readonly float Max;

        /// <summary>The unit, for people.</summary>
        public readonly string Unit;

        public SpanAttribute(float min, float max, string unit = "")
        {
            Min = min;
            Max = max;
            Unit = unit;
        }
    }
}
