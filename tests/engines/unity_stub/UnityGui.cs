// The few names of Unity's immediate GUI that the sample and the inspector use. Labels are kept for tests to read.
using System;
using UnityStub;

namespace UnityEngine
{
    public struct Rect
    {
        public Rect(float x, float y, float width, float height)
        {
            this.x = x;
            this.y = y;
            this.width = width;
            this.height = height;
        }

        public float x { get; set; }

        public float y { get; set; }

        public float width { get; set; }

        public float height { get; set; }
    }

    public class GUIContent
    {
        public GUIContent(string text) { this.text = text; }

        public string text { get; set; }
    }

    public class GUIStyle { }

    public class GUISkin
    {
        public GUIStyle box { get; } = new GUIStyle();
    }

    public sealed class GUILayoutOption { }

    public class GUI
    {
        public static GUISkin skin { get; } = new GUISkin();
    }

    public class GUILayout
    {
        public static void BeginArea(Rect screenRect, GUIStyle style) { }

        public static void EndArea() { }

        public static void BeginHorizontal(params GUILayoutOption[] options) { }

        public static void EndHorizontal() { }

        public static void Label(string text, params GUILayoutOption[] options) { Engine.Drawn.Add(text); }

        public static bool Button(string text, params GUILayoutOption[] options) { return Engine.Press(text); }

        public static bool Toggle(bool value, string text, params GUILayoutOption[] options) { return Engine.Press(text) ? !value : value; }

        public static float HorizontalSlider(float value, float leftValue, float rightValue, params GUILayoutOption[] options)
        {
            return Engine.Slide(value);
        }

        public static GUILayoutOption Width(float width) { return new GUILayoutOption(); }
    }
}

namespace UnityEditor
{
    using UnityEngine;

    public class Editor : Object
    {
        public Object target { get; set; }

        public virtual void OnInspectorGUI() { }

        public virtual bool RequiresConstantRepaint() { return false; }

        public bool DrawDefaultInspector() { return false; }
    }

    public sealed class CustomEditor : Attribute
    {
        public CustomEditor(Type inspectedType) { }
    }

    public abstract class PropertyDrawer
    {
        public PropertyAttribute attribute { get; set; }

        public virtual void OnGUI(Rect position, SerializedProperty property, GUIContent label) { }
    }

    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public sealed class CustomPropertyDrawer : Attribute
    {
        public CustomPropertyDrawer(Type type) { }
    }

    public class SerializedProperty
    {
        public string name { get; set; }

        public bool boolValue { get; set; }

        public float floatValue { get; set; }

        public string stringValue { get; set; }

        public bool hasMultipleDifferentValues { get; set; }

        public Func<string, SerializedProperty> Relative { get; set; }

        public SerializedProperty FindPropertyRelative(string relativePropertyPath) { return Relative(relativePropertyPath); }
    }

    public sealed class EditorGUI
    {
        public static bool showMixedValue { get; set; }

        public static int indentLevel { get; set; }

        public static GUIContent BeginProperty(Rect totalPosition, GUIContent label, SerializedProperty property) { return label; }

        public static void EndProperty() { }

        public static void BeginChangeCheck() { Engine.HasSlid = false; }

        public static bool EndChangeCheck() { return Engine.HasSlid; }

        public static Rect PrefixLabel(Rect totalPosition, GUIContent label)
        {
            Engine.Drawn.Add(label.text);
            return totalPosition;
        }

        public static bool Toggle(Rect position, bool value) { return Engine.Press("toggle") ? !value : value; }

        public static float Slider(Rect position, float value, float leftValue, float rightValue)
        {
            Engine.Drawn.Add(leftValue + " to " + rightValue);
            return Engine.Slide(value);
        }

        public static string TextField(Rect position, string text)
        {
            Engine.Drawn.Add(text);
            return text;
        }

        public static int Popup(Rect position, int selectedIndex, string[] displayedOptions)
        {
            Engine.Drawn.Add(displayedOptions[selectedIndex]);
            return (int)Engine.Slide(selectedIndex);
        }

        public static float FloatField(Rect position, float value) { return Engine.Slide(value); }

        public static void LabelField(Rect position, string label) { Engine.Drawn.Add(label); }

        public static void ProgressBar(Rect position, float value, string text)
        {
            if (!(value >= 0 && value <= 1)) throw new ArgumentOutOfRangeException("value", value, text);
            Engine.Drawn.Add(text);
        }

        public struct DisabledScope : IDisposable
        {
            public DisabledScope(bool disabled) { }

            public void Dispose() { }
        }
    }

    public sealed class EditorGUILayout
    {
        public static Rect GetControlRect(params GUILayoutOption[] options) { return new Rect(0, 0, 300, 18); }

        public static void LabelField(string label, string label2, params GUILayoutOption[] options) { Engine.Drawn.Add(label + ": " + label2); }

        public static void Space() { }

        public static bool Foldout(bool foldout, string content, bool toggleOnLabelClick) { return foldout; }
    }

    public enum PlayModeStateChange { EnteredEditMode, ExitingEditMode, EnteredPlayMode, ExitingPlayMode }

    public class EditorApplication
    {
        public static event Action<PlayModeStateChange> playModeStateChanged;

        internal static void Change(PlayModeStateChange state) { playModeStateChanged?.Invoke(state); }
    }

    public static class AssemblyReloadEvents
    {
        public delegate void AssemblyReloadCallback();

        public static event AssemblyReloadCallback beforeAssemblyReload;

        internal static void Reload() { beforeAssemblyReload?.Invoke(); }
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class InitializeOnLoadAttribute : Attribute { }
}
