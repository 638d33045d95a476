using UnityEditor;
using UnityEngine;

namespace Ambiome.Editor
{
    /// <summary>
    /// Ends every session before the editor reloads code or leaves play mode, so that no thread and no socket outlives the
    /// code that it belongs to. OnDisable does the same; this does not depend on the order in which Unity calls it.
    /// </summary>
    [InitializeOnLoad]
    internal static class ReloadGuard
    {
        static ReloadGuard()
        {
            AssemblyReloadEvents.beforeAssemblyReload += EndAll;
            EditorApplication.playModeStateChanged += OnPlayModeStateChanged;
        }

        private static void OnPlayModeStateChanged(PlayModeStateChange change)
        {
            if (change == PlayModeStateChange.ExitingPlayMode) EndAll();
        }

        private static void EndAll()
        {
            foreach (AmbiomeSource source in Resources.FindObjectsOfTypeAll<AmbiomeSource>()) source.End();
        }
    }
}
