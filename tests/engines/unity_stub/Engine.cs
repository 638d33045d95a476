// What the stub has beyond Unity's names: a game loop, a sound card and a GUI that a test drives by hand.
using System;
using System.Collections.Generic;
using System.Reflection;
using UnityEngine;

namespace UnityStub
{
    public static class Engine
    {
        public static readonly List<GameObject> Objects = new List<GameObject>();
        public static readonly List<string> Log = new List<string>();
        public static readonly List<string> Drawn = new List<string>();
        public static int OutputRateHz = 48000;
        public static double NowS;
        public static float DeltaS;
        public static bool IsPlaying = true;
        public static Func<string, TextAsset> Load = path => null;

        /// What the next button of that text answers, and what the next slider becomes (NaN: stays).
        public static string Pressed;
        public static float Slid = float.NaN;
        public static bool HasSlid;

        public static bool Press(string text)
        {
            bool isPressed = text == Pressed;
            if (isPressed) Pressed = null;
            HasSlid |= isPressed;
            return isPressed;
        }

        public static float Slide(float value)
        {
            float slid = float.IsNaN(Slid) ? value : Slid;
            HasSlid |= !float.IsNaN(Slid);
            Slid = float.NaN;
            return slid;
        }

        public static int ConfigurationHandlers { get { return AudioSettings.Handlers; } }

        public static void ChangeAudioConfiguration(int rateHz)
        {
            OutputRateHz = rateHz;
            foreach (AudioSource source in Find<AudioSource>()) source.Stop();
            AudioSettings.Change();
        }

        /// What the editor does once it has loaded an assembly.
        public static void LoadEditor(Assembly assembly)
        {
            foreach (Type type in assembly.GetTypes())
                if (type.IsDefined(typeof(UnityEditor.InitializeOnLoadAttribute), false))
                    System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        public static void ReloadAssemblies() { UnityEditor.AssemblyReloadEvents.Reload(); }

        public static void ChangePlayMode(UnityEditor.PlayModeStateChange state) { UnityEditor.EditorApplication.Change(state); }

        /// One frame of the game: Start where it has not been, then Update.
        public static void Frame(float seconds)
        {
            DeltaS = seconds;
            NowS += seconds;
            foreach (MonoBehaviour behaviour in Find<MonoBehaviour>()) Send(behaviour, "Update");
        }

        /// One block of the sound card, as Unity's audio thread has it.
        public static Action<float[], int> AudioFilter(MonoBehaviour of)
        {
            MethodInfo method = Method(of, "OnAudioFilterRead");
            return (Action<float[], int>)Delegate.CreateDelegate(typeof(Action<float[], int>), of, method);
        }

        public static T[] Find<T>() where T : UnityEngine.Object
        {
            var found = new List<T>();
            foreach (GameObject thing in Objects.ToArray())
                foreach (Component component in thing.components)
                    if (component is T one && thing.activeInHierarchy) found.Add(one);
            return found.ToArray();
        }

        public static Component Add(GameObject thing, Type type)
        {
            foreach (RequireComponent need in type.GetCustomAttributes(typeof(RequireComponent), true))
                if (!thing.components.Exists(need.m_Type0.IsInstanceOfType)) Add(thing, need.m_Type0);
            var component = (Component)Activator.CreateInstance(type);
            component.gameObject = thing;
            component.name = thing.name;
            thing.components.Add(component);
            if (component is MonoBehaviour) Send(component, "Awake");
            Settle(component as Behaviour);
            return component;
        }

        /// OnEnable or OnDisable, where one is due.
        public static void Settle(Behaviour behaviour)
        {
            if (ReferenceEquals(behaviour, null) || behaviour.isLive == behaviour.isActiveAndEnabled) return;
            behaviour.isLive = !behaviour.isLive;
            Send(behaviour, behaviour.isLive ? "OnEnable" : "OnDisable");
        }

        public static void Destroy(UnityEngine.Object thing)
        {
            if (thing is GameObject)
            {
                foreach (Component component in ((GameObject)thing).components.ToArray()) End(component);
                Objects.Remove((GameObject)thing);
                thing.isDestroyed = true;
            }
            else if (thing is Component)
            {
                End((Component)thing);
                ((Component)thing).gameObject.components.Remove((Component)thing);
            }
        }

        public static void Send(object to, string message) { Method(to, message)?.Invoke(to, null); }

        private static void End(Component component)
        {
            if (component is Behaviour behaviour && behaviour.isLive)
            {
                behaviour.isLive = false;
                Send(component, "OnDisable");
            }
            Send(component, "OnDestroy");
            component.isDestroyed = true;
        }

        private static MethodInfo Method(object of, string name)
        {
            return of.GetType().GetMethod(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        }
    }
}
