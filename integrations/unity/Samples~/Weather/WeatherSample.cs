using System;
using Ambiome;
using UnityEngine;

/// <summary>
/// Sliders for the weather, a day that goes by, a stream to walk around, and lightning where you click the button. Put it on
/// an empty object of an empty scene, start `ambiome serve`, press Play.
/// </summary>
public sealed class WeatherSample : MonoBehaviour
{
    [Tooltip("The component to drive; made on this object if empty.")]
    public AmbiomeSource source;

    [Tooltip("A light that follows the sun, if you have one.")]
    public Light sun;

    [Tooltip("How long a day takes, in s. The clock is the game's here: it tells the hour as it goes.")]
    public float day_s = 240;

    private const float TurnDegPerS = 30;

    private AmbiomeFeature stream;
    private string said = "looking for the server";
    private bool isTurning, isDayGoing = true;

    private void Start()
    {
        if (source == null) source = gameObject.AddComponent<AmbiomeSource>();
        source.location.biome = "temperate_forest";
        source.weather.rain_mm_h = 0;
        source.weather.wind_m_s = 3;
        source.weather.temperature_c = 16;
        source.time.hour = 5;
        source.time.day_of_year = 140;
        source.time.latitude_deg = 48;
        source.Cut();
        source.Connected += () => said = "connected";
        source.Disconnected += detail => said = detail;
        source.Error += (code, field, detail) => said = code + " " + field + ": " + detail;
        stream = new GameObject("Stream").AddComponent<AmbiomeFeature>();
        stream.kind = FeatureKind.Stream;
        stream.transform.position = new Vector3(12, 0, 0);
    }

    private void Update()
    {
        if (isDayGoing) source.time.hour = Mathf.Repeat(source.time.hour.Value + Time.deltaTime * 24 / day_s, 24);
        float height = (source.time.hour.Value - 6) * 15;
        if (sun != null) sun.transform.rotation = Quaternion.Euler(height, 90, 0);
        if (isTurning && Camera.main != null)
            Camera.main.transform.rotation = Quaternion.Euler(0, Mathf.Repeat(Time.time * TurnDegPerS, 360), 0);
    }

    private void OnGUI()
    {
        if (source == null) return;
        GUILayout.BeginArea(new Rect(10, 10, 380, 420), GUI.skin.box);
        GUILayout.Label(said + ", buffer " + (source.BufferedS * 1000).ToString("0") + " ms, underruns " + source.Underruns);
        source.weather.rain_mm_h = Slider("rain_mm_h", source.weather.rain_mm_h, 0, 60);
        source.weather.wind_m_s = Slider("wind_m_s", source.weather.wind_m_s, 0, 30);
        source.weather.thunder_per_min = Slider("thunder_per_min", source.weather.thunder_per_min, 0, 20);
        source.weather.temperature_c = Slider("temperature_c", source.weather.temperature_c, -20, 35);
        source.time.hour = Slider("hour", source.time.hour, 0, 24);
        source.volume = Slider("volume", source.volume, 0, 1).Value;
        isDayGoing = GUILayout.Toggle(isDayGoing, "the day goes by");
        isTurning = GUILayout.Toggle(isTurning, "turn around (hear the stream go round)");
        stream.enabled = GUILayout.Toggle(stream.enabled, "stream");
        Place("forest", "temperate_forest", Shelter.Derived);
        Place("coast", "coast", Shelter.Derived);
        Place("city street", "city", Shelter.Street);
        Place("in a tent", "temperate_forest", Shelter.Tent);
        if (GUILayout.Button("Lightning")) source.Lightning(stream.transform.position + new Vector3(600, 0, 800), 0.8f);
        if (GUILayout.Button(source.IsPaused ? "Resume" : "Pause")) TogglePause();
        GUILayout.EndArea();
    }

    // A derived value stands at its slider's left end until it is moved.
    private static Optional Slider(string name, Optional value, float low, float high)
    {
        GUILayout.BeginHorizontal();
        GUILayout.Label(name + " " + value, GUILayout.Width(170));
        float moved = GUILayout.HorizontalSlider(value.IsTold ? value.Value : low, low, high);
        GUILayout.EndHorizontal();
        return !value.IsTold && Math.Abs(moved - low) < 1e-6f ? value : moved;
    }

    private void Place(string label, string biome, Shelter shelter)
    {
        if (!GUILayout.Button(label)) return;
        source.location.biome = biome;
        source.location.shelter = shelter;
        source.Cut();
    }

    private void TogglePause()
    {
        if (source.IsPaused) source.Resume();
        else source.Pause();
    }
}
