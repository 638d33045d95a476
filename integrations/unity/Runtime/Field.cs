using System;
using System.Collections.Generic;

namespace Ambiome
{
    /// <summary>One number of a part of the world: its name in the protocol, and how to read and to set it.</summary>
    public sealed class Field<T>
    {
        /// <summary>The name, as the protocol has it.</summary>
        public readonly string Name;

        /// <summary>Reads it.</summary>
        public readonly Func<T, Optional> Get;

        /// <summary>Sets it.</summary>
        public readonly Action<T, Optional> Set;

        /// <summary>Whether the protocol wants an integer.</summary>
        public readonly bool IsInteger;

        public Field(string name, Func<T, Optional> get, Action<T, Optional> set, bool isInteger = false)
        {
            Name = name;
            Get = get;
            Set = set;
            IsInteger = isInteger;
        }
    }

    /// <summary>What the tables of fields are good for, whichever part of the world they describe.</summary>
    internal static class Fields
    {
        /// <summary>Puts what is told into the map.</summary>
        public static void Write<T>(Field<T>[] fields, T from, Dictionary<string, object> to)
        {
            foreach (Field<T> field in fields)
            {
                Optional value = field.Get(from);
                if (!value.IsTold) continue;
                to[field.Name] = field.IsInteger ? (object)(long)Math.Round(value.Value) : Maps.Number(value.Value);
            }
        }

        /// <summary>Sets the field of that name; false where the table has none or the value is no number and not null.</summary>
        public static bool TrySet<T>(Field<T>[] fields, T to, string name, object value)
        {
            if (!TryOptional(value, out Optional optional)) return false;
            foreach (Field<T> field in fields)
            {
                if (field.Name != name) continue;
                field.Set(to, optional);
                return true;
            }
            return false;
        }

        /// <summary>Adds every field to the stamp.</summary>
        public static void Stamp<T>(Field<T>[] fields, T of, ref Stamp stamp)
        {
            foreach (Field<T> field in fields) stamp.Add(field.Get(of));
        }

        private static bool TryOptional(object value, out Optional optional)
        {
            optional = value is double ? new Optional((float)(double)value)
                : value is long ? new Optional((long)value) : Optional.Derived;
            return value == null || value is double || value is long;
        }
    }

    /// <summary>A hash of many values, made without allocation: it changes when any one of them does.</summary>
    internal struct Stamp
    {
        private ulong hash;

        public void Add(int value) { hash = (hash ^ (uint)value) * 0x9E3779B97F4A7C15UL; }

        public void Add(float value) { Add(value.GetHashCode()); }

        public void Add(bool value) { Add(value ? 1 : 0); }

        public void Add(string value) { Add(value == null ? 0 : value.GetHashCode()); }

        public void Add(Optional value)
        {
            Add(value.IsTold);
            Add(value.Value);
        }

        public bool Equals(Stamp other) { return hash == other.hash; }
    }
}
