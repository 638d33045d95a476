using System;
using System.Collections.Generic;
using System.IO;
using Ambiome;
using Map = System.Collections.Generic.Dictionary<string, object>;

/// <summary>Blends the stacks of golden vectors: PresetTasks.exe VECTORS ANSWERS; answers are a JSON array.</summary>
internal static class PresetTasks
{
    private static int Main(string[] paths)
    {
        var answers = new List<object>();
        foreach (Map vector in (List<object>)Json.Parse(File.ReadAllText(paths[0])))
        {
            var stack = new List<PresetLayer>();
            foreach (Map entry in (List<object>)vector["stack"])
                stack.Add(new PresetLayer
                {
                    Preset = entry["preset"] as Map,
                    Priority = (int)(long)entry["priority"],
                    Weight = Convert.ToDouble(entry["weight"]),
                });
            answers.Add(Presets.Blend(stack));
        }
        File.WriteAllText(paths[1], Json.Write(answers));
        return 0;
    }
}
