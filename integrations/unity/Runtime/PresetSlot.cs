using System;
using System.Collections.Generic;
using UnityEngine;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>
    /// A preset laid over the component's own weather, place, time and mix. Several blend, the lowest priority first; a
    /// weight of 0 is as if it were not there.
    /// </summary>
    [Serializable]
    public sealed class PresetSlot : ISerializationCallbackReceiver
    {
        /// <summary>Where the presets of the package lie among the resources.</summary>
        public const string Folder = "Ambiome/Presets/";

        [Tooltip("A preset in JSON: one of the package, or your own with the fields name, meaning, world, mix.")]
        public TextAsset preset;
        [Tooltip("The higher lies over the lower.")]
        public int priority;
        [Range(0, 1), Tooltip("How much of it is heard.")]
        public float weight = 1;

        [SerializeField, HideInInspector] private bool isMade;
        [NonSerialized] private TextAsset parsedFrom;
        [NonSerialized] private Map parsed;

        /// <summary>A preset of the package by its file's name, <c>storm_at_sea</c>; null, and a warning, if there is none.</summary>
        public static PresetSlot Named(string name, int priority = 0, float weight = 1)
        {
            var asset = Resources.Load<TextAsset>(Folder + name);
            if (asset != null) return new PresetSlot { preset = asset, priority = priority, weight = weight };
            Debug.LogWarning("Ambiome: there is no preset named " + name);
            return null;
        }

        /// <summary>Called by Unity.</summary>
        public void OnBeforeSerialize() { isMade = true; }

        /// <summary>Called by Unity. An entry that the inspector adds is all zeros at first: it gets its weight here.</summary>
        public void OnAfterDeserialize()
        {
            if (!isMade) weight = 1;
            isMade = true;
        }

        /// <summary>The layer for blending; false where there is no preset, or one that cannot be read.</summary>
        internal bool TryLayer(out PresetLayer layer)
        {
            if (!ReferenceEquals(parsedFrom, preset))
            {
                parsedFrom = preset;
                parsed = preset == null ? null : Read(preset);
            }
            layer = parsed == null ? null : new PresetLayer { Preset = parsed, Priority = priority, Weight = weight };
            return layer != null;
        }

        internal void AddTo(ref Stamp stamp)
        {
            stamp.Add(preset == null ? 0 : preset.GetHashCode());
            stamp.Add(priority);
            stamp.Add(weight);
        }

        private static Map Read(TextAsset asset)
        {
            try
            {
                if (Json.Parse(asset.text) is Map map) return map;
                Debug.LogWarning("Ambiome: preset " + asset.name + " is no map", asset);
            }
            catch (FormatException error)
            {
                Debug.LogWarning("Ambiome: preset " + asset.name + " cannot be read: " + error.Message, asset);
            }
            return null;
        }
    }
}
