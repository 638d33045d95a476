using System;
using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace Ambiome.Editor
{
    /// <summary>The inspector of an <see cref="AmbiomeSource"/>: its fields, and in play mode the buffer and the scene.</summary>
    [CustomEditor(typeof(AmbiomeSource))]
    public sealed class AmbiomeSourceEditor : UnityEditor.Editor
    {
        private const double FullS = 0.2;
        private const double Nothing = 0.005;
        private const float LowestDb = -80;

        private static readonly string[] Units = { "_db", "_hz", "_m", "_mm", "_s", "_h", "_deg", "_min", "_people", "_density" };

        private bool showsScene = true;

        /// <summary>Meters move while the game plays.</summary>
        public override bool RequiresConstantRepaint() { return Application.isPlaying; }

        /// <summary>Draws fields and meters.</summary>
        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            if (!Application.isPlaying) return;
            var source = (AmbiomeSource)target;
            EditorGUILayout.Space();
            EditorGUILayout.LabelField("State", source.IsPaused ? source.State + ", paused" : source.State.ToString());
            Meter(source.BufferedS / FullS, "buffer " + (source.BufferedS * 1000).ToString("0") + " ms of 120 to 160");
            float levelDb = Decibels(source.Level);
            Meter(1 - levelDb / LowestDb, "level " + levelDb.ToString("0") + " dBFS");
            EditorGUILayout.LabelField("Underruns", source.Underruns.ToString());
            EditorGUILayout.LabelField("Features told", source.FeaturesTold.ToString());
            Buttons(source);
            Scene(source);
        }

        private static void Buttons(AmbiomeSource source)
        {
            GUILayout.BeginHorizontal();
            if (GUILayout.Button(source.IsPaused ? "Resume" : "Pause"))
            {
                if (source.IsPaused) source.Resume();
                else source.Pause();
            }
            if (GUILayout.Button("Lightning")) source.Lightning();
            if (GUILayout.Button("Cut")) source.Cut();
            GUILayout.EndHorizontal();
        }

        private void Scene(AmbiomeSource source)
        {
            if (source.Values == null) return;
            showsScene = EditorGUILayout.Foldout(showsScene, "Scene, as the server has it", true);
            if (!showsScene) return;
            foreach (KeyValuePair<string, object> value in source.Values)
            {
                double now = Convert.ToDouble(value.Value);
                if (Math.Abs(now) < Nothing) continue;
                string text = value.Key + "  " + now.ToString("0.##") + Toward(source, value.Key, now);
                if (IsShare(value.Key)) Meter(now, text);
                else EditorGUI.LabelField(EditorGUILayout.GetControlRect(), text);
            }
        }

        // What has a unit in its name is no share from 0 to 1.
        private static bool IsShare(string name)
        {
            foreach (string unit in Units)
                if (name.EndsWith(unit, StringComparison.Ordinal)) return false;
            return true;
        }

        // Where a parameter is under way, what to.
        private static string Toward(AmbiomeSource source, string name, double now)
        {
            if (source.Targets == null || !source.Targets.TryGetValue(name, out object target)) return "";
            double there = Convert.ToDouble(target);
            return Math.Abs(there - now) > 0.01 ? "  to " + there.ToString("0.##") : "";
        }

        private static void Meter(double share, string text)
        {
            EditorGUI.ProgressBar(EditorGUILayout.GetControlRect(), double.IsNaN(share) ? 0 : (float)Math.Max(0, Math.Min(1, share)), text);
        }

        private static float Decibels(float level)
        {
            return level > 1e-4f ? (float)(20 * Math.Log10(level)) : LowestDb;
        }
    }
}
