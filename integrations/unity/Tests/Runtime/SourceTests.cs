using System.Collections;
using System.Collections.Generic;
using NUnit.Framework;
using UnityEngine;
using UnityEngine.TestTools;

namespace Ambiome.Tests
{
    /// <summary>The component where there is no server: the game goes on, in silence.</summary>
    public sealed class SourceTests
    {
        private GameObject thing;

        [SetUp]
        public void SetUp()
        {
            thing = new GameObject("Ambience");
            thing.SetActive(false);
            AmbiomeSource source = thing.AddComponent<AmbiomeSource>();
            source.server = "tcp://127.0.0.1:9"; // discard: nobody listens there
            source.logs = false;
            thing.SetActive(true);
        }

        [TearDown]
        public void TearDown() { Object.DestroyImmediate(thing); }

        [UnityTest]
        public IEnumerator WithoutAServerItSaysSoOnce()
        {
            var source = thing.GetComponent<AmbiomeSource>();
            int said = 0;
            source.Disconnected += detail => said++;
            for (int frame = 0; frame < 150; frame++) yield return null;
            Assert.AreEqual(1, said);
            Assert.AreEqual(ClientState.Connecting, source.State);
            Assert.AreEqual(0L, source.Underruns);
        }

        [UnityTest]
        public IEnumerator ItPlaysASecondTime()
        {
            var source = thing.GetComponent<AmbiomeSource>();
            for (int round = 0; round < 5; round++)
            {
                source.enabled = false;
                Assert.AreEqual(ClientState.Closed, source.State);
                yield return null;
                source.enabled = true;
                Assert.IsTrue(source.State != ClientState.Closed);
                yield return null;
            }
        }

        [Test]
        public void AnAudioSourceComesWithIt()
        {
            var output = thing.GetComponent<AudioSource>();
            Assert.IsTrue(output.isPlaying);
            Assert.AreEqual(0f, output.spatialBlend);
        }

        [Test]
        public void SettersSetTheFields()
        {
            var source = thing.GetComponent<AmbiomeSource>();
            source.SetWeather(new Dictionary<string, object> { { "rain_mm_h", 7 }, { "wind_m_s", 3.5f } });
            source.SetLocation(new Dictionary<string, object> { { "biome", "coast" }, { "shelter", "room" } });
            source.SetTime(new Dictionary<string, object> { { "hour", 21.5 } });
            source.SetMix(new Dictionary<string, object>
            {
                { "master_db", -6 }, { "voices", new Dictionary<string, object> { { "rain", new Dictionary<string, object> { { "mute", true } } } } }
            });
            Assert.AreEqual(7f, source.weather.rain_mm_h.Value);
            Assert.AreEqual(Shelter.Room, source.location.shelter);
            Assert.AreEqual("coast", source.location.biome);
            Assert.AreEqual(21.5f, source.time.hour.Value);
            Assert.AreEqual(-6f, source.mix.master_db);
            Assert.IsTrue(source.mix.Get(Voice.Rain).mute);
            source.SetWeather(new Dictionary<string, object> { { "rain_mm_h", null } });
            Assert.IsFalse(source.weather.rain_mm_h.IsTold);
        }

        [Test]
        public void MistakesDoNotThrow()
        {
            var source = thing.GetComponent<AmbiomeSource>();
            source.SetWeather(new Dictionary<string, object> { { "rian", 1 }, { "rain_mm_h", "much" } });
            source.SetMix(null);
            source.Event(null);
            source.Cut();
            source.Lightning(float.NaN);
            source.transition_s = float.NaN;
            Assert.IsFalse(source.weather.rain_mm_h.IsTold);
        }
    }
}
