using System;
using System.Collections.Generic;
using UnityEngine;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>How the sound is mixed by the server. The component's own volume comes after it.</summary>
    [Serializable]
    public sealed class Mix
    {
        [Range(-60, 12), Tooltip("Gain of everything, dB.")]
        public float master_db;
        [Range(0, 1), Tooltip("0 all loudness levelled, 0.5 halved in dB, 1 as in nature.")]
        public float dynamics = 0.5f;
        [Tooltip("Voices that are not as they come. A voice that is not in the list plays at 0 dB.")]
        public List<VoiceMix> voices = new List<VoiceMix>();

        /// <summary>The mix, whole, under the protocol's names.</summary>
        public Map ToMap()
        {
            var named = new Map();
            foreach (VoiceMix voice in voices) named[Names.Of(voice.voice)] = voice.ToMap();
            return new Map { { "master_db", Maps.Number(master_db) }, { "dynamics", Maps.Number(dynamics) }, { "voices", named } };
        }

        /// <summary>The entry of a voice, made if it is not there. A struct: put it back with <see cref="Set"/>.</summary>
        public VoiceMix Get(Voice voice)
        {
            foreach (VoiceMix mix in voices)
                if (mix.voice == voice) return mix;
            return new VoiceMix { voice = voice };
        }

        /// <summary>Sets or adds the entry of its voice.</summary>
        public void Set(VoiceMix mix)
        {
            for (int i = 0; i < voices.Count; i++)
                if (voices[i].voice == mix.voice)
                {
                    voices[i] = mix;
                    return;
                }
            voices.Add(mix);
        }

        /// <summary>Takes what it can of a map of the protocol and returns the rest, which the server will speak to.</summary>
        internal Map Take(Map map)
        {
            var rest = new Map();
            var restVoices = new Map();
            foreach (KeyValuePair<string, object> entry in map)
                if (entry.Key == "voices" && entry.Value is Map) TakeVoices((Map)entry.Value, restVoices);
                else if (!TrySet(entry.Key, entry.Value)) rest[entry.Key] = entry.Value;
            if (restVoices.Count > 0) rest["voices"] = restVoices;
            return rest;
        }

        internal void AddTo(ref Stamp stamp)
        {
            stamp.Add(master_db);
            stamp.Add(dynamics);
            stamp.Add(voices.Count);
            foreach (VoiceMix voice in voices)
            {
                stamp.Add((int)voice.voice);
                stamp.Add(voice.gain_db);
                stamp.Add(voice.mute);
                stamp.Add(voice.solo);
            }
        }

        private bool TrySet(string name, object value)
        {
            if (!(value is double) && !(value is long)) return false;
            if (name == "master_db") master_db = Convert.ToSingle(value);
            else if (name == "dynamics") dynamics = Convert.ToSingle(value);
            else return false;
            return true;
        }

        private void TakeVoices(Map map, Map rest)
        {
            foreach (KeyValuePair<string, object> entry in map)
            {
                bool isKnown = Names.TryVoice(entry.Key, out Voice voice);
                VoiceMix mix = Get(voice);
                if (isKnown && entry.Value is Map && mix.TryTake((Map)entry.Value)) Set(mix);
                else rest[entry.Key] = entry.Value;
            }
        }
    }

    /// <summary>How one voice is mixed.</summary>
    [Serializable]
    public struct VoiceMix
    {
        [Tooltip("Which voice.")]
        public Voice voice;
        [Range(-60, 12), Tooltip("Its gain, dB.")]
        public float gain_db;
        [Tooltip("Whether it is silent.")]
        public bool mute;
        [Tooltip("Whether only this voice, and others with solo, are heard.")]
        public bool solo;

        internal Map ToMap()
        {
            return new Map { { "gain_db", Maps.Number(gain_db) }, { "mute", mute }, { "solo", solo } };
        }

        internal bool TryTake(Map map)
        {
            foreach (KeyValuePair<string, object> entry in map)
                if (entry.Key == "gain_db" && (entry.Value is double || entry.Value is long))
                    gain_db = Convert.ToSingle(entry.Value);
                else if (entry.Key == "mute" && entry.Value is bool) mute = (bool)entry.Value;
                else if (entry.Key == "solo" && entry.Value is bool) solo = (bool)entry.Value;
                else return false;
            return true;
        }
    }
}
