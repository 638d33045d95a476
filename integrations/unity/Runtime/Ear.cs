using UnityEngine;

namespace Ambiome
{
    /// <summary>Who hears: whom the game named, or the scene's audio listener, sought once a second, or the component itself.</summary>
    internal sealed class Ear
    {
        private const double SeekEveryS = 1;

        private Transform found;
        private double seekAt;

        /// <summary>The one who hears at `nowS`, s of any clock that goes on.</summary>
        public Transform At(Transform named, Transform self, double nowS)
        {
            if (named != null) return named;
            if (found == null && nowS >= seekAt)
            {
                seekAt = nowS + SeekEveryS;
                AudioListener[] listeners = Found.All<AudioListener>();
                found = listeners.Length > 0 ? listeners[0].transform : null;
            }
            return found != null ? found : self;
        }

        /// <summary>Seeks anew.</summary>
        public void Forget()
        {
            found = null;
            seekAt = 0;
        }
    }
}
