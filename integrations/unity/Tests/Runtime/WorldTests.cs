using System.Collections.Generic;
using NUnit.Framework;
using UnityEngine;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Ambiome.Tests
{
    /// <summary>What the fields say, as the protocol has it. No server is needed.</summary>
    public sealed class WorldTests
    {
        [Test]
        public void WhatIsDerivedIsNotTold()
        {
            Assert.AreEqual(0, new Weather().ToMap().Count);
            Assert.AreEqual(0, new Location().ToMap().Count);
            Assert.AreEqual(0, new TimeOfDay().ToMap().Count);
        }

        [Test]
        public void ANumberIsToldAsItsAuthorMeantIt()
        {
            var weather = new Weather { rain_mm_h = 4, cloud = 0.1f };
            Assert.AreEqual("{\"rain_mm_h\":4.0,\"cloud\":0.1}", Json.Write(weather.ToMap()).Replace(" ", ""));
        }

        [Test]
        public void NotANumberIsDerived()
        {
            Optional value = float.NaN;
            Assert.IsFalse(value.IsTold);
            Assert.AreEqual(Optional.Derived, value);
            Assert.AreEqual(Optional.Derived, default(Optional));
        }

        [Test]
        public void TheDayIsAnInteger()
        {
            Assert.AreEqual(172L, new TimeOfDay { day_of_year = 172 }.ToMap()["day_of_year"]);
        }

        [Test]
        public void ABiomeIsANameOrWeights()
        {
            var location = new Location { biome = "coast", shelter = Shelter.Tent };
            Assert.AreEqual("coast", location.ToMap()["biome"]);
            Assert.AreEqual("tent", location.ToMap()["shelter"]);
            location.biome_blend.Add(new BiomeShare { biome = "lake", weight = 0.3f });
            location.biome_blend.Add(new BiomeShare { biome = "temperate_forest", weight = 0.7f });
            Assert.IsTrue(Maps.Same(new Map { { "lake", 0.3 }, { "temperate_forest", 0.7 } }, location.ToMap()["biome"]));
        }

        [Test]
        public void PlainIsWhatTheProtocolTakes()
        {
            var rough = new Dictionary<string, object>
            {
                { "a", 4 }, { "b", 0.1f }, { "c", Optional.Derived }, { "d", Shelter.Hall }, { "e", new[] { 1, 2 } },
                { "f", Voice.Birds }, { "g", Shelter.Derived }, { "h", new Map { { "i", (byte)3 } } }
            };
            var plain = new Map
            {
                { "a", 4L }, { "b", 0.1 }, { "c", null }, { "d", "hall" }, { "e", new List<object> { 1L, 2L } },
                { "f", "birds" }, { "g", null }, { "h", new Map { { "i", 3L } } }
            };
            Assert.IsTrue(Maps.Same(plain, Maps.Plain(rough)));
        }

        [Test]
        public void TheDifferenceNamesWhatChangedAndNullsWhatWent()
        {
            var before = new Map { { "weather", new Map { { "rain_mm_h", 4.0 }, { "fog", 0.5 } } }, { "time", new Map { { "hour", 6.0 } } } };
            var now = new Map { { "weather", new Map { { "rain_mm_h", 9.0 } } }, { "time", new Map { { "hour", 6.0 } } } };
            var due = new Map { { "weather", new Map { { "rain_mm_h", 9.0 }, { "fog", null } } } };
            Assert.IsTrue(Maps.Same(due, Maps.Difference(before, now)));
        }

        [Test]
        public void NorthIsZAndEastIsX()
        {
            Bearings.TryOf(new Vector3(0, 0, 1), out float north);
            Bearings.TryOf(new Vector3(1, 5, 0), out float east);
            Bearings.TryOf(new Vector3(-1, 0, 0), out float west);
            Assert.AreEqual(0, north, 1e-3);
            Assert.AreEqual(90, east, 1e-3);
            Assert.AreEqual(270, west, 1e-3);
            Assert.IsFalse(Bearings.TryOf(new Vector3(0, 1, 0), out float _));
            Assert.AreEqual(4, Bearings.Apart(358, 2), 1e-3);
        }

        [Test]
        public void AHeadingIsThatOfTheTransform()
        {
            var thing = new GameObject();
            thing.transform.rotation = Quaternion.Euler(0, 90, 0);
            Bearings.TryHeading(thing.transform, out float east);
            thing.transform.rotation = Quaternion.Euler(90, 0, 0);
            Bearings.TryHeading(thing.transform, out float lookingDown);
            Assert.AreEqual(90, east, 1e-2);
            Assert.AreEqual(0, lookingDown, 1e-2);
            Object.DestroyImmediate(thing);
        }
    }
}
