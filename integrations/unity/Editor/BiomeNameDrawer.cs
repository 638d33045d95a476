using UnityEditor;
using UnityEngine;

namespace Ambiome.Editor
{
    /// <summary>The name of a biome: free text, since a server may have its own, beside a list of those that all have.</summary>
    [CustomPropertyDrawer(typeof(BiomeNameAttribute))]
    public sealed class BiomeNameDrawer : PropertyDrawer
    {
        private const string Derived = "derived";
        private const float ListShare = 0.45f;

        /// <summary>Draws the one line.</summary>
        public override void OnGUI(Rect position, SerializedProperty property, GUIContent label)
        {
            label = EditorGUI.BeginProperty(position, label, property);
            Rect rest = EditorGUI.PrefixLabel(position, label);
            int indent = EditorGUI.indentLevel;
            EditorGUI.indentLevel = 0;
            EditorGUI.showMixedValue = property.hasMultipleDifferentValues;
            float textWidth = rest.width * (1 - ListShare);
            EditorGUI.BeginChangeCheck();
            string written = EditorGUI.TextField(new Rect(rest.x, rest.y, textWidth, rest.height), property.stringValue);
            if (EditorGUI.EndChangeCheck()) property.stringValue = written;
            string[] choices = Choices();
            EditorGUI.BeginChangeCheck();
            int chosen = EditorGUI.Popup(new Rect(rest.x + textWidth, rest.y, rest.width * ListShare, rest.height),
                Names.Biomes.IndexOf(property.stringValue) + 1, choices);
            if (EditorGUI.EndChangeCheck()) property.stringValue = chosen == 0 ? "" : choices[chosen];
            EditorGUI.showMixedValue = false;
            EditorGUI.indentLevel = indent;
            EditorGUI.EndProperty();
        }

        private static string[] Choices()
        {
            var choices = new string[Names.Biomes.Count + 1];
            choices[0] = Derived;
            Names.Biomes.CopyTo(choices, 1);
            return choices;
        }
    }
}
