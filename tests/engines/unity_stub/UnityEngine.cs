// The few names of UnityEngine that the package uses, with Unity's signatures, and as much of what they do as tests need.
using System;
using System.Collections.Generic;
using UnityStub;

namespace UnityEngine
{
    public class Object
    {
        private static int instances;
        private readonly int id = ++instances;
        internal bool isDestroyed;

        public string name { get; set; } = "";

        public static T[] FindObjectsOfType<T>() where T : Object { return Engine.Find<T>(); }

        public static T[] FindObjectsByType<T>(FindObjectsSortMode sortMode) where T : Object { return Engine.Find<T>(); }

        public static void Destroy(Object obj) { Engine.Destroy(obj); }

        public static void DestroyImmediate(Object obj) { Engine.Destroy(obj); }

        public static implicit operator bool(Object exists) { return exists != null; }

        public static bool operator ==(Object x, Object y) { return Lives(x) ? ReferenceEquals(x, y) : !Lives(y); }

        public static bool operator !=(Object x, Object y) { return !(x == y); }

        public override bool Equals(object other) { return ReferenceEquals(this, other); }

        public override int GetHashCode() { return id; }

        private static bool Lives(Object x) { return !ReferenceEquals(x, null) && !x.isDestroyed; }
    }

    public enum FindObjectsSortMode { None, InstanceID }

    public sealed class GameObject : Object
    {
        internal readonly List<Component> components = new List<Component>();

        public GameObject() : this("New Game Object") { }

        public GameObject(string name)
        {
            this.name = name;
            transform = new Transform { gameObject = this };
            components.Add(transform);
            Engine.Objects.Add(this);
        }

        public Transform transform { get; }

        public bool activeInHierarchy { get; private set; } = true;

        public T AddComponent<T>() where T : Component { return (T)Engine.Add(this, typeof(T)); }

        public T GetComponent<T>()
        {
            foreach (Component component in components)
                if (component is T found) return found;
            return default(T);
        }

        public void SetActive(bool value)
        {
            if (value == activeInHierarchy) return;
            activeInHierarchy = value;
            foreach (Component component in components.ToArray()) Engine.Settle(component as Behaviour);
        }
    }

    public class Component : Object
    {
        public GameObject gameObject { get; internal set; }

        public Transform transform { get { return gameObject.transform; } }

        public T GetComponent<T>() { return gameObject.GetComponent<T>(); }
    }

    public class Behaviour : Component
    {
        private bool isEnabled = true;
        internal bool isLive;

        public bool enabled
        {
            get { return isEnabled; }
            set
            {
                isEnabled = value;
                Engine.Settle(this);
            }
        }

        public bool isActiveAndEnabled { get { return isEnabled && !isDestroyed && gameObject.activeInHierarchy; } }
    }

    public class MonoBehaviour : Behaviour { }

    public sealed class Transform : Component
    {
        public Vector3 position { get; set; }

        public Quaternion rotation { get; set; } = Quaternion.identity;

        public Vector3 forward { get { return rotation * Vector3.forward; } }

        public Vector3 up { get { return rotation * Vector3.up; } }
    }

    public class Collider : Component { }

    public sealed class AudioListener : Behaviour { }

    public sealed class Camera : Behaviour
    {
        public static Camera main { get { return Engine.Find<Camera>().Length > 0 ? Engine.Find<Camera>()[0] : null; } }
    }

    public sealed class Light : Behaviour
    {
        public float intensity { get; set; }
    }

    public sealed class AudioSource : Behaviour
    {
        public float spatialBlend { get; set; }

        public float volume { get; set; } = 1;

        public bool loop { get; set; }

        public bool bypassReverbZones { get; set; }

        public int priority { get; set; } = 128;

        public bool isPlaying { get; private set; }

        public void Play() { isPlaying = true; }

        public void Stop() { isPlaying = false; }
    }

    public static class AudioSettings
    {
        public delegate void AudioConfigurationChangeHandler(bool deviceWasChanged);

        public static event AudioConfigurationChangeHandler OnAudioConfigurationChanged;

        public static int outputSampleRate { get { return Engine.OutputRateHz; } }

        internal static int Handlers
        {
            get { return OnAudioConfigurationChanged == null ? 0 : OnAudioConfigurationChanged.GetInvocationList().Length; }
        }

        internal static void Change() { OnAudioConfigurationChanged?.Invoke(false); }
    }

    public struct Vector3
    {
        public float x, y, z;

        public Vector3(float x, float y, float z)
        {
            this.x = x;
            this.y = y;
            this.z = z;
        }

        public static Vector3 zero { get { return new Vector3(0, 0, 0); } }

        public static Vector3 forward { get { return new Vector3(0, 0, 1); } }

        public static Vector3 up { get { return new Vector3(0, 1, 0); } }

        public float magnitude { get { return Mathf.Sqrt(x * x + y * y + z * z); } }

        public static Vector3 operator +(Vector3 a, Vector3 b) { return new Vector3(a.x + b.x, a.y + b.y, a.z + b.z); }

        public static Vector3 operator -(Vector3 a, Vector3 b) { return new Vector3(a.x - b.x, a.y - b.y, a.z - b.z); }

        public static Vector3 operator -(Vector3 a) { return new Vector3(-a.x, -a.y, -a.z); }

        public static Vector3 operator *(Vector3 a, float d) { return new Vector3(a.x * d, a.y * d, a.z * d); }
    }

    public struct Quaternion
    {
        public float x, y, z, w;

        public Quaternion(float x, float y, float z, float w)
        {
            this.x = x;
            this.y = y;
            this.z = z;
            this.w = w;
        }

        public static Quaternion identity { get { return new Quaternion(0, 0, 0, 1); } }

        // Unity's order: around z, then x, then y; degrees, clockwise seen along the axis's arrow backwards.
        public static Quaternion Euler(float x, float y, float z)
        {
            return About(0, 1, 0, y) * About(1, 0, 0, x) * About(0, 0, 1, z);
        }

        public static Quaternion operator *(Quaternion a, Quaternion b)
        {
            return new Quaternion(
                a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y, a.w * b.y + a.y * b.w + a.z * b.x - a.x * b.z,
                a.w * b.z + a.z * b.w + a.x * b.y - a.y * b.x, a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z);
        }

        public static Vector3 operator *(Quaternion q, Vector3 v)
        {
            var turned = q * new Quaternion(v.x, v.y, v.z, 0) * new Quaternion(-q.x, -q.y, -q.z, q.w);
            return new Vector3(turned.x, turned.y, turned.z);
        }

        private static Quaternion About(float x, float y, float z, float degrees)
        {
            double half = degrees * Math.PI / 360;
            float s = (float)Math.Sin(half);
            return new Quaternion(x * s, y * s, z * s, (float)Math.Cos(half));
        }
    }

    public struct Mathf
    {
        public const float Rad2Deg = 57.29578f;

        public static float Sqrt(float f) { return (float)Math.Sqrt(f); }

        public static float Atan2(float y, float x) { return (float)Math.Atan2(y, x); }

        public static float Sin(float f) { return (float)Math.Sin(f); }

        public static float Max(float a, float b) { return Math.Max(a, b); }

        public static float Clamp01(float value) { return Math.Max(0, Math.Min(1, value)); }

        public static float InverseLerp(float a, float b, float value) { return Clamp01((value - a) / (b - a)); }

        public static float Repeat(float t, float length) { return t - (float)Math.Floor(t / length) * length; }
    }

    public static class Time
    {
        public static double unscaledTimeAsDouble { get { return Engine.NowS; } }

        public static float deltaTime { get { return Engine.DeltaS; } }

        public static float time { get { return (float)Engine.NowS; } }
    }

    public static class Application
    {
        public static bool isPlaying { get { return Engine.IsPlaying; } }
    }

    public static class Debug
    {
        public static void Log(object message) { Engine.Log.Add(message.ToString()); }

        public static void LogWarning(object message) { Engine.Log.Add(message.ToString()); }

        public static void LogWarning(object message, Object context) { Engine.Log.Add(message.ToString()); }
    }

    public sealed class TextAsset : Object
    {
        public TextAsset(string text) { this.text = text; }

        public string text { get; }
    }

    public static class Resources
    {
        public static T Load<T>(string path) where T : Object { return Engine.Load(path) as T; }

        public static T[] FindObjectsOfTypeAll<T>() where T : Object { return Engine.Find<T>(); }
    }

    [AttributeUsage(AttributeTargets.Field, AllowMultiple = false)]
    public abstract class PropertyAttribute : Attribute { }

    [AttributeUsage(AttributeTargets.Field)]
    public sealed class SerializeField : Attribute { }

    public sealed class RangeAttribute : PropertyAttribute
    {
        public readonly float min, max;

        public RangeAttribute(float min, float max)
        {
            this.min = min;
            this.max = max;
        }
    }

    public class TooltipAttribute : PropertyAttribute
    {
        public readonly string tooltip;

        public TooltipAttribute(string tooltip) { this.tooltip = tooltip; }
    }

    public class HeaderAttribute : PropertyAttribute
    {
        public readonly string header;

        public HeaderAttribute(string header) { this.header = header; }
    }

    public sealed class HideInInspector : Attribute { }

    public interface ISerializationCallbackReceiver
    {
        void OnBeforeSerialize();

        void OnAfterDeserialize();
    }

    public class SpaceAttribute : PropertyAttribute { }

    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public sealed class RequireComponent : Attribute
    {
        public Type m_Type0;

        public RequireComponent(Type requiredComponent) { m_Type0 = requiredComponent; }
    }

    public sealed class AddComponentMenu : Attribute
    {
        public AddComponentMenu(string menuName) { }
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class DisallowMultipleComponent : Attribute { }
}

namespace UnityEngine.Events
{
    public delegate void UnityAction();
    public delegate void UnityAction<T0>(T0 arg0);
    public delegate void UnityAction<T0, T1, T2>(T0 arg0, T1 arg1, T2 arg2);

    [Serializable]
    public class UnityEvent
    {
        private UnityAction calls;

        public void AddListener(UnityAction call) { calls += call; }

        public void Invoke() { calls?.Invoke(); }
    }

    [Serializable]
    public class UnityEvent<T0>
    {
        private UnityAction<T0> calls;

        public void AddListener(UnityAction<T0> call) { calls += call; }

        public void Invoke(T0 arg0) { calls?.Invoke(arg0); }
    }

    [Serializable]
    public class UnityEvent<T0, T1, T2>
    {
        private UnityAction<T0, T1, T2> calls;

        public void AddListener(UnityAction<T0, T1, T2> call) { calls += call; }

        public void Invoke(T0 arg0, T1 arg1, T2 arg2) { calls?.Invoke(arg0, arg1, arg2); }
    }
}
