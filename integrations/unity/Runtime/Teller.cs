using System;
using System.Collections.Generic;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome
{
    /// <summary>
    /// What of world and mix the server was told, and what it has yet to be: the difference between the two. A field that
    /// the server refused is not told again until it has another value; what stood beside it in the message is.
    /// </summary>
    /// <remarks>A state has the parts weather, location, time, mix and voices, each with its fields by name.</remarks>
    internal sealed class Teller
    {
        private static readonly string[] WorldParts = { "weather", "location", "time" };
        private static readonly object Unknown = new object();

        private readonly Map refused = new Map();
        private Map told = new Map();

        /// <summary>Starts anew: nothing is told.</summary>
        public void Forget()
        {
            told = new Map();
            refused.Clear();
        }

        /// <summary>A state of a world {weather, location, time} and a mix {master_db, dynamics, voices}.</summary>
        public static Map State(Map world, Map mix)
        {
            var state = new Map();
            foreach (string part in WorldParts) state[part] = Maps.Part(world, part);
            var gains = new Map(mix);
            gains.Remove("voices");
            state["mix"] = gains;
            state["voices"] = Maps.Part(mix, "voices");
            return state;
        }

        /// <summary>What is to be told so that the server has that state; from now on it counts as told.</summary>
        public void Due(Map state, out Map world, out Map mix)
        {
            Hold(state);
            Map due = Maps.Difference(told, state);
            Keep(state);
            world = new Map();
            foreach (string part in WorldParts)
                if (due.ContainsKey(part)) world[part] = due[part];
            mix = MixOf(Maps.Part(due, "mix"), Maps.Part(due, "voices"));
        }

        /// <summary>The server refused a message for the field at that path; what was told is in doubt and is told again.</summary>
        public void Refuse(string path)
        {
            string[] steps = Steps(path);
            if (steps.Length < 2 || !Maps.Part(told, steps[0]).TryGetValue(steps[1], out object value)) return;
            refused[steps[0] + "." + steps[1]] = value;
            Doubt();
        }

        /// <summary>What was told may not have been taken: all of it is told again.</summary>
        public void Doubt()
        {
            foreach (object part in told.Values)
                foreach (string name in new List<string>(((Map)part).Keys)) ((Map)part)[name] = Unknown;
        }

        // What is not told any more stays as null: should it be in doubt, that is what is told again.
        private void Keep(Map state)
        {
            foreach (KeyValuePair<string, object> part in told)
            {
                Map fields = Maps.Part(state, part.Key);
                foreach (string name in ((Map)part.Value).Keys)
                    if (!fields.ContainsKey(name)) fields[name] = null;
            }
            told = state;
        }

        // Takes out of the state what was refused as it is.
        private void Hold(Map state)
        {
            foreach (string path in new List<string>(refused.Keys))
            {
                string[] steps = path.Split('.');
                Map part = Maps.Part(state, steps[0]);
                part.TryGetValue(steps[1], out object value);
                if (!Maps.Same(value, refused[path])) refused.Remove(path);
                else HoldOne(part, Maps.Part(told, steps[0]), steps[1]);
            }
        }

        // As if it had never been told: neither its value nor a null goes out.
        private static void HoldOne(Map state, Map told, string name)
        {
            state.Remove(name);
            told.Remove(name);
        }

        // "world.weather.rain_mm_h" and "mix.voices.rain.gain_db" as part and field.
        private static string[] Steps(string path)
        {
            string[] steps = (path ?? "").Split('.', '[');
            int from = steps[0] == "world" || path != null && path.StartsWith("mix.voices.", StringComparison.Ordinal) ? 1 : 0;
            var rest = new string[steps.Length - from];
            Array.Copy(steps, from, rest, 0, rest.Length);
            return rest;
        }

        // The mix knows no null: a voice that is not named any more is as it comes.
        private static Map MixOf(Map gains, Map voices)
        {
            var mix = new Map();
            foreach (KeyValuePair<string, object> gain in gains)
                if (gain.Value != null) mix[gain.Key] = gain.Value;
            var named = new Map();
            foreach (KeyValuePair<string, object> voice in voices) named[voice.Key] = voice.Value ?? new VoiceMix().ToMap();
            if (named.Count > 0) mix["voices"] = named;
            return mix;
        }
    }
}
