using System.Collections.Generic;
using NUnit.Framework;
using UnityEngine;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome.Tests
{
    /// <summary>What is told, and when. No server is needed.</summary>
    public sealed class TellingTests
    {
        private readonly List<GameObject> made = new List<GameObject>();
        private readonly List<Map> told = new List<Map>();

        [TearDown]
        public void TearDown()
        {
            foreach (GameObject thing in made) Object.DestroyImmediate(thing);
            made.Clear();
            told.Clear();
        }

        [Test]
        public void OnlyWhatChangedIsTold()
        {
            var teller = new Teller();
            Assert.AreEqual("{\"weather\":{\"rain_mm_h\":4.0}} {\"master_db\":0.0}", Due(teller, "{\"rain_mm_h\":4.0}", "{\"master_db\":0.0}"));
            Assert.AreEqual("{} {}", Due(teller, "{\"rain_mm_h\":4.0}", "{\"master_db\":0.0}"));
            Assert.AreEqual("{\"weather\":{\"rain_mm_h\":null}} {}", Due(teller, "{}", "{\"master_db\":0.0}"));
        }

        [Test]
        public void AVoiceThatIsNotNamedAnyMoreIsAsItComes()
        {
            var teller = new Teller();
            Due(teller, "{}", "{\"voices\":{\"rain\":{\"gain_db\":-6.0,\"mute\":true,\"solo\":false}}}");
            Assert.AreEqual(
                "{} {\"voices\":{\"rain\":{\"gain_db\":0.0,\"mute\":false,\"solo\":false}}}", Due(teller, "{}", "{}"));
        }

        [Test]
        public void WhatWasRefusedIsNotToldAgainButItsNeighboursAre()
        {
            var teller = new Teller();
            Due(teller, "{\"rain_mm_h\":999.0,\"fog\":0.5}", "{}");
            teller.Refuse("world.weather.rain_mm_h");
            Assert.AreEqual("{\"weather\":{\"fog\":0.5}} {}", Due(teller, "{\"rain_mm_h\":999.0,\"fog\":0.5}", "{}"));
            Assert.AreEqual("{} {}", Due(teller, "{\"rain_mm_h\":999.0,\"fog\":0.5}", "{}"));
            Assert.AreEqual("{\"weather\":{\"rain_mm_h\":9.0}} {}", Due(teller, "{\"rain_mm_h\":9.0,\"fog\":0.5}", "{}"));
        }

        [Test]
        public void WhatWentInARefusedMessageIsToldAgainAsNull()
        {
            var teller = new Teller();
            Due(teller, "{\"rain_mm_h\":4.0,\"fog\":0.5}", "{}");
            Due(teller, "{\"rain_mm_h\":999.0}", "{}");
            teller.Refuse("world.weather.rain_mm_h");
            Assert.AreEqual("{\"weather\":{\"fog\":null}} {}", Due(teller, "{\"rain_mm_h\":999.0}", "{}"));
        }

        [Test]
        public void AFeatureIsToldWhenItMovedEnough()
        {
            var teller = new FeatureTeller();
            AmbiomeFeature fire = Feature(new Vector3(100, 0, 0));
            teller.Add(fire);
            Assert.AreEqual("feature_set 100 90", Told(teller));
            Assert.AreEqual("", Told(teller));
            fire.transform.position = new Vector3(102, 0, 2);
            Assert.AreEqual("", Told(teller));
            fire.transform.position = new Vector3(104, 0, 0);
            Assert.AreEqual("feature_set 104 90", Told(teller));
            fire.transform.position = new Vector3(0, 0, -104);
            Assert.AreEqual("feature_set 104 180", Told(teller));
            fire.reach_m = 50;
            Assert.AreEqual("feature_remove", Told(teller));
        }

        [Test]
        public void TheNearestSixteenAreTold()
        {
            var teller = new FeatureTeller();
            for (int i = 0; i < 20; i++) teller.Add(Feature(new Vector3(0, 0, 10 + i)));
            Told(teller);
            Assert.AreEqual(16, teller.Count);
            AmbiomeFeature near = Feature(new Vector3(0, 0, 5));
            teller.Add(near);
            Assert.AreEqual("feature_remove, feature_set 5 0", Told(teller));
            near.enabled = false;
            Assert.AreEqual("feature_remove, feature_set 25 0", Told(teller));
        }

        [Test]
        public void APresetThatTheInspectorAddsIsHeard()
        {
            var added = new PresetSlot { weight = 0 };
            added.OnAfterDeserialize();
            Assert.AreEqual(1f, added.weight);
            added.weight = 0;
            added.OnBeforeSerialize();
            added.OnAfterDeserialize();
            Assert.AreEqual(0f, added.weight);
        }

        [Test]
        public void AVolumeChangesWithinABlockAndNoNumberIsSilence()
        {
            var fader = new Fader();
            fader.Reset(1);
            fader.Volume = 0;
            float[] block = { 1, 1, 1, 1, 1, 1, 1, 1 };
            fader.Apply(block, 2);
            Assert.AreEqual(0.75f, block[0]);
            Assert.AreEqual(0f, block[7]);
            Assert.AreEqual(0.75f, fader.Level);
            fader.Reset(float.NaN);
            float[] other = { 1, 1 };
            fader.Apply(other, 1);
            Assert.AreEqual(0f, other[1]);
        }

        private AmbiomeFeature Feature(Vector3 position)
        {
            var thing = new GameObject("Feature");
            made.Add(thing);
            thing.transform.position = position;
            return thing.AddComponent<AmbiomeFeature>();
        }

        private string Told(FeatureTeller teller)
        {
            told.Clear();
            teller.Tell(Vector3.zero, 1, told.Add);
            var lines = new List<string>();
            foreach (Map location in told)
                lines.Add(location.TryGetValue("feature_set", out object set)
                    ? "feature_set " + System.Math.Round((double)((Map)set)["distance_m"]) + " " + System.Math.Round((double)((Map)set)["azimuth_deg"])
                    : "feature_remove");
            return string.Join(", ", lines);
        }

        private static string Due(Teller teller, string weather, string mix)
        {
            var world = new Map { { "weather", Json.Parse(weather) } };
            teller.Due(Teller.State(world, (Map)Json.Parse(mix)), out Map worldDue, out Map mixDue);
            return (Json.Write(worldDue) + " " + Json.Write(mixDue)).Replace(": ", ":").Replace(", ", ",");
        }
    }
}
