using System;

namespace Ambiome
{
    /// <summary>Bytes or values that the protocol does not allow. <see cref="Code"/> is one of SPEC.md's error codes.</summary>
    public sealed class ProtocolException : Exception
    {
        /// <summary>One of the protocol's error codes, such as <c>malformed</c> or <c>too_large</c>.</summary>
        public string Code { get; private set; }

        /// <summary>The path to the field concerned; empty for the whole message.</summary>
        public string Field { get; private set; }

        /// <summary>Makes one with its code, a sentence and the path of the field.</summary>
        public ProtocolException(string code, string detail, string field = "") : base(detail)
        {
            Code = code;
            Field = field;
        }
    }
}
