using UnityEditor;
using UnityEngine;

namespace Ambiome.Editor
{
    /// <summary>An optional number: a tick for "told", and a slider over what the server takes; without the tick, "derived".</summary>
    [CustomPropertyDrawer(typeof(Optional))]
    [CustomPropertyDrawer(typeof(SpanAttribute))]
    public sealed class OptionalDrawer : PropertyDrawer
    {
        private const float TickWidth = 18;

        /// <summary>Draws the one line.</summary>
        public override void OnGUI(Rect position, SerializedProperty property, GUIContent label)
        {
            SerializedProperty isTold = property.FindPropertyRelative("isTold");
            SerializedProperty value = property.FindPropertyRelative("value");
            label.text = property.name;
            label = EditorGUI.BeginProperty(position, label, property);
            Rect rest = EditorGUI.PrefixLabel(position, label);
            int indent = EditorGUI.indentLevel;
            EditorGUI.indentLevel = 0;
            Tick(new Rect(rest.x, rest.y, TickWidth, rest.height), isTold);
            rest = new Rect(rest.x + TickWidth, rest.y, rest.width - TickWidth, rest.height);
            if (isTold.boolValue) Number(rest, value, attribute as SpanAttribute);
            else EditorGUI.LabelField(rest, "derived");
            EditorGUI.indentLevel = indent;
            EditorGUI.EndProperty();
        }

        private static void Tick(Rect position, SerializedProperty isTold)
        {
            EditorGUI.showMixedValue = isTold.hasMultipleDifferentValues;
            EditorGUI.BeginChangeCheck();
            bool ticked = EditorGUI.Toggle(position, isTold.boolValue);
            if (EditorGUI.EndChangeCheck()) isTold.boolValue = ticked;
            EditorGUI.showMixedValue = false;
        }

        private static void Number(Rect position, SerializedProperty value, SpanAttribute span)
        {
            EditorGUI.showMixedValue = value.hasMultipleDifferentValues;
            EditorGUI.BeginChangeCheck();
            float number = span == null ? EditorGUI.FloatField(position, value.floatValue)
                : EditorGUI.Slider(position, value.floatValue, span.Min, span.Max);
            if (EditorGUI.EndChangeCheck()) value.floatValue = number;
            EditorGUI.showMixedValue = false;
        }
    }
}
