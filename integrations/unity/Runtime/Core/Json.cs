using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Ambiome
{
    /// <summary>
    /// JSON to values and back: null, bool, long, double, string, List&lt;object&gt;, Dictionary&lt;string, object&gt;.
    /// </summary>
    /// <remarks>A number without point and exponent is a long, any other a double; writing keeps them apart.</remarks>
    public static class Json
    {
        private const int MaxDepth = 64;

        /// <summary>The value that a text holds. FormatException, with the position, if it is not one JSON value.</summary>
        public static object Parse(string text)
        {
            if (text == null) throw new ArgumentNullException("text");
            var reader = new Reader(text);
            var value = reader.Value(0);
            reader.End();
            return value;
        }

        /// <summary>The JSON text of a value, on one line. FormatException for what JSON cannot say (NaN, other types).</summary>
        public static string Write(object value)
        {
            var text = new StringBuilder();
            Write(text, value, 0);
            return text.ToString();
        }

        private static void Write(StringBuilder text, object value, int depth)
        {
            if (depth > MaxDepth) throw new FormatException("JSON: nested deeper than " + MaxDepth);
            if (value == null) text.Append("null");
            else if (value is bool) text.Append((bool)value ? "true" : "false");
            else if (value is string) WriteString(text, (string)value);
            else if (value is double || value is float) WriteDouble(text, Convert.ToDouble(value));
            else if (value is long || value is int || value is short || value is byte || value is uint || value is ulong)
                text.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
            else if (value is IDictionary) WriteMap(text, (IDictionary)value, depth);
            else if (value is IList) WriteList(text, (IList)value, depth);
            else throw new FormatException("JSON: cannot say a " + value.GetType().Name);
        }

        private static void WriteDouble(StringBuilder text, double value)
        {
            if (double.IsNaN(value) || double.IsInfinity(value)) throw new FormatException("JSON: cannot say " + value);
            var digits = value.ToString("R", CultureInfo.InvariantCulture);
            text.Append(digits);
            if (digits.IndexOfAny(new[] { '.', 'E', 'e' }) < 0) text.Append(".0");
        }

        private static void WriteMap(StringBuilder text, IDictionary map, int depth)
        {
            var separator = "{";
            foreach (DictionaryEntry entry in map)
            {
                text.Append(separator);
                WriteString(text, entry.Key as string ?? throw new FormatException("JSON: a key is not a string"));
                text.Append(": ");
                Write(text, entry.Value, depth + 1);
                separator = ", ";
            }
            text.Append(map.Count == 0 ? "{}" : "}");
        }

        private static void WriteList(StringBuilder text, IList list, int depth)
        {
            text.Append('[');
            for (var i = 0; i < list.Count; i++)
            {
                if (i > 0) text.Append(", ");
                Write(text, list[i], depth + 1);
            }
            text.Append(']');
        }

        private static void WriteString(StringBuilder text, string value)
        {
            text.Append('"');
            foreach (var c in value)
            {
                if (c == '"' || c == '\\') text.Append('\\').Append(c);
                else if (c >= ' ' && c < 127) text.Append(c);
                else text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
            text.Append('"');
        }

        private sealed class Reader
        {
            private const string Escapes = "\"\\/bfnrt";
            private const string Escaped = "\"\\/\b\f\n\r\t";
            private readonly string _text;
            private int _at;

            public Reader(string text)
            {
                _text = text;
            }

            public object Value(int depth)
            {
                if (depth > MaxDepth) throw Fault("nested deeper than " + MaxDepth);
                Blank();
                switch (Peek())
                {
                    case '{': return Map(depth);
                    case '[': return List(depth);
                    case '"': return String();
                    case 't': return Word("true", true);
                    case 'f': return Word("false", false);
                    case 'n': return Word("null", null);
                    default: return Number();
                }
            }

            public void End()
            {
                Blank();
                if (_at < _text.Length) throw Fault("something after the value");
            }

            private Dictionary<string, object> Map(int depth)
            {
                var map = new Dictionary<string, object>();
                _at++;
                Blank();
                if (Skip('}')) return map;
                do
                {
                    Blank();
                    if (Peek() != '"') throw Fault("a key is not a string");
                    var key = String();
                    Blank();
                    if (!Skip(':')) throw Fault("no colon after a key");
                    var value = Value(depth + 1);
                    if (map.ContainsKey(key)) throw Fault("the key '" + key + "' twice");
                    map.Add(key, value);
                    Blank();
                } while (Skip(','));
                if (!Skip('}')) throw Fault("a map is not closed");
                return map;
            }

            private List<object> List(int depth)
            {
                var list = new List<object>();
                _at++;
                Blank();
                if (Skip(']')) return list;
                do
                {
                    list.Add(Value(depth + 1));
                    Blank();
                } while (Skip(','));
                if (!Skip(']')) throw Fault("a list is not closed");
                return list;
            }

            private string String()
            {
                var made = new StringBuilder();
                for (_at++; Peek() != '"'; _at++)
                {
                    var c = Peek();
                    if (c < ' ') throw Fault("a control character in a string");
                    if (c == '\\') c = Escape();
                    made.Append(c);
                }
                _at++;
                return made.ToString();
            }

            private char Escape()
            {
                _at++;
                if (Peek() != 'u')
                {
                    var which = Escapes.IndexOf(Peek());
                    if (which < 0) throw Fault("no such escape");
                    return Escaped[which];
                }
                var code = 0;
                for (var i = 0; i < 4; i++)
                {
                    _at++;
                    var digit = "0123456789abcdef".IndexOf(char.ToLowerInvariant(Peek()));
                    if (digit < 0) throw Fault("no hexadecimal digit");
                    code = code * 16 + digit;
                }
                return (char)code;
            }

            private object Word(string word, object value)
            {
                if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0) throw Fault("no value");
                _at += word.Length;
                return value;
            }

            private object Number()
            {
                var start = _at;
                Skip('-');
                var isZero = Peek() == '0';
                var digits = Digits();
                if (digits == 0 || (isZero && digits > 1)) throw Fault("no value");
                var isWhole = true;
                if (Skip('.'))
                {
                    isWhole = false;
                    if (Digits() == 0) throw Fault("no digit after the point");
                }
                if (Skip('e') || Skip('E'))
                {
                    isWhole = false;
                    if (!Skip('-')) Skip('+');
                    if (Digits() == 0) throw Fault("no digit in the exponent");
                }
                var number = _text.Substring(start, _at - start);
                long whole;
                if (isWhole && long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole))
                    return whole;
                double made;
                if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out made) || double.IsInfinity(made))
                    throw Fault("a number that is too large");
                return made;
            }

            private int Digits()
            {
                var start = _at;
                while (_at < _text.Length && _text[_at] >= '0' && _text[_at] <= '9') _at++;
                return _at - start;
            }

            private void Blank()
            {
                while (_at < _text.Length && " \t\r\n".IndexOf(_text[_at]) >= 0) _at++;
            }

            private bool Skip(char c)
            {
                if (_at >= _text.Length || _text[_at] != c) return false;
                _at++;
                return true;
            }

            private char Peek()
            {
                if (_at >= _text.Length) throw Fault("ends too soon");
                return _text[_at];
            }

            private FormatException Fault(string what)
            {
                return new FormatException("JSON: " + what + " at character " + _at);
            }
        }
    }
}
