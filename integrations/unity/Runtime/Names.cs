using System;
using System.Collections.Generic;

namespace Ambiome
{
    /// <summary>What is around and above the listener. Derived: as the biome has it.</summary>
    public enum Shelter
    {
        Derived = 0, Open = 1, Canopy = 2, Street = 3, Courtyard = 4, Tent = 5, Vehicle = 6, Room = 7, Hall = 8, Cave = 9
    }

    /// <summary>What a feature of the world is.</summary>
    public enum FeatureKind
    {
        Stream = 0, River = 1, Waterfall = 2, Surf = 3, Lake = 4, Fire = 5, Traffic = 6, Crowd = 7, Machinery = 8,
        Foliage = 9, Roof = 10, Drips = 11
    }

    /// <summary>A kind of sound source, as the mix knows it.</summary>
    public enum Voice
    {
        Rain = 0, Wind = 1, Thunder = 2, Stream = 3, River = 4, Surf = 5, Fire = 6, Birds = 7, Crickets = 8, Cicadas = 9,
        Frogs = 10, Owl = 11, Traffic = 12, Crowd = 13, Room = 14, Drips = 15, Snow = 16, Hail = 17, Swamp = 18, Shore = 19,
        Cafe = 20, Machinery = 21, Wolf = 22, Loon = 23, Livestock = 24, Place = 25
    }

    /// <summary>The protocol's names of the enumerations: the same words in small letters.</summary>
    public static class Names
    {
        /// <summary>The biomes that every server has. A server may have more.</summary>
        public static readonly IList<string> Biomes = Array.AsReadOnly(new[]
        {
            "temperate_forest", "conifer_forest", "rainforest", "grassland", "farmland", "savanna", "desert", "tundra",
            "wetland", "mangrove", "mountain", "coast", "river", "lake", "suburb", "city", "industrial", "cave", "underwater",
            "interior", "cafe", "none"
        });

        private static readonly string[] Shelters = Lowered(typeof(Shelter));
        private static readonly string[] FeatureKinds = Lowered(typeof(FeatureKind));
        private static readonly string[] Voices = Lowered(typeof(Voice));

        /// <summary>The protocol's name; null for Derived.</summary>
        public static string Of(Shelter shelter) { return shelter == Shelter.Derived ? null : Shelters[(int)shelter]; }

        /// <summary>The protocol's name.</summary>
        public static string Of(FeatureKind kind) { return FeatureKinds[(int)kind]; }

        /// <summary>The protocol's name.</summary>
        public static string Of(Voice voice) { return Voices[(int)voice]; }

        /// <summary>The shelter of that name; false where there is none. Null is Derived.</summary>
        public static bool TryShelter(string name, out Shelter shelter)
        {
            int index = name == null ? 0 : Array.IndexOf(Shelters, name, 1);
            shelter = (Shelter)Math.Max(index, 0);
            return index >= 0;
        }

        /// <summary>The voice of that name; false where there is none.</summary>
        public static bool TryVoice(string name, out Voice voice)
        {
            int index = Array.IndexOf(Voices, name);
            voice = (Voice)Math.Max(index, 0);
            return index >= 0;
        }

        // The values of each enumeration count from 0 without gaps, so that names can stand in an array.
        private static string[] Lowered(Type type)
        {
            string[] names = Enum.GetNames(type);
            for (int i = 0; i < names.Length; i++) names[i] = names[i].ToLowerInvariant();
            return names;
        }
    }
}
