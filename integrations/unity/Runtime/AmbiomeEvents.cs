using System;
using UnityEngine;
using UnityEngine.Events;

namespace Ambiome
{
    /// <summary>The same events as those in code, for the inspector.</summary>
    [Serializable]
    public sealed class AmbiomeEvents
    {
        [Tooltip("There is a session, new or resumed.")]
        public UnityEvent connected = new UnityEvent();
        [Tooltip("The server is away; it is tried every second. With a sentence for people.")]
        public TextEvent disconnected = new TextEvent();
        [Tooltip("The scene was reported: read Values and Targets of the component.")]
        public UnityEvent sceneChanged = new UnityEvent();
        [Tooltip("Something was refused: code, field, detail.")]
        public ErrorEvent error = new ErrorEvent();
        [Tooltip("There was nothing to play. With how often so far.")]
        public CountEvent underrun = new CountEvent();
    }

    /// <summary>An event with a sentence.</summary>
    [Serializable]
    public sealed class TextEvent : UnityEvent<string> { }

    /// <summary>An event with a count.</summary>
    [Serializable]
    public sealed class CountEvent : UnityEvent<int> { }

    /// <summary>An event with code, field and detail.</summary>
    [Serializable]
    public sealed class ErrorEvent : UnityEvent<string, string, string> { }
}
