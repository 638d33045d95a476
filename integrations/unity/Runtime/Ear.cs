using UnityEngine;

namespace Ambiome
{
    /// <summary>Who hears: whom the game named, or the scene's active audio listener, or the component itself.</summary>
    internal sealed class Ear
    {
        private const double SeekEveryS = 1;

        private AudioListener found;
        private double seekAt;

        /// <summary>The one who hears at `nowS`, s of any clock that goes on. A listener is sought once a second at most.</summary>
        public Transform At(Transform named, Transform self, double nowS)
        {
            if (named != null) return named;
            if ((found == null || !found.isActiveAndEnabled) && nowS >= seekAt)
            {
                seekAt = nowS + SeekEveryS;
                found = null;
                foreach (AudioListener listener in Found.All<AudioListener>())
                    if (listener.isActiveAndEnabled) found = listener;
            }
            return found != null ? found.transform : self;
        }

        /// <summary>Seeks anew.</summary>
        public void Forget()
        {
            found = null;
            seekAt = 0;
        }
    }
}
