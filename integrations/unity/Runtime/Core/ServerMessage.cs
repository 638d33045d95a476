using System;
using System.Collections.Generic;

namespace Ambiome
{
    /// <summary>
    /// A server's message, checked against the tables of SPEC.md: every field known, of its type, in its range.
    /// </summary>
    public static class ServerMessage
    {
        private enum Kind
        {
            Whole,
            Number,
            Text,
            Flag,
            Token,
            Name,
            Numbers,
            Reasons
        }

        private sealed class Rule
        {
            public readonly string Field;
            public readonly Kind Kind;
            public readonly bool IsRequired;
            public readonly double Least;
            public readonly double Most;
            public readonly string[] Names;

            public Rule(string field, Kind kind, bool isRequired, double least = 0, double most = 0, string[] names = null)
            {
                Field = field;
                Kind = kind;
                IsRequired = isRequired;
                Least = least;
                Most = most;
                Names = names;
            }
        }

        private const bool Required = true, Optional = false;
        private const int NameChars = 64, DetailChars = 1024, Entries = 256;
        private const double Span = 1e12, LatestS = 1e9;

        private static readonly string[] Layouts = { "mono", "stereo", "quad", "5.1", "ambisonics" };
        private static readonly string[] Formats = { "f32le", "s16le" };
        private static readonly string[] Paces = { "live", "free" };
        private static readonly string[] Renderers = { "procedural", "neural" };
        private static readonly string[] Byes = { "bye", "shutdown", "detached", "zone_ended" };
        private static readonly string[] Warnings =
        {
            "late", "repeated", "gust_raised", "feature_unknown", "features_full", "events_full", "behind",
            "quality", "skipped", "heading_ignored"
        };
        private static readonly string[] Errors =
        {
            "malformed", "too_large", "unknown_type", "unknown_field", "missing_field", "wrong_type", "out_of_range", "unknown_name",
            "contradiction", "version", "unknown_session", "already_open", "bad_resume", "busy", "credit", "at_limit", "not_owner",
            "zone_mismatch", "bad_zone_key", "internal"
        };

        private static readonly Rule[] Reason =
        {
            new Rule("parameter", Kind.Text, Required, 1, NameChars), new Rule("value", Kind.Number, Required, -Span, Span),
            new Rule("target", Kind.Number, Required, -Span, Span), new Rule("rule", Kind.Text, Required, 0, NameChars),
            new Rule("because", Kind.Text, Required, 0, DetailChars)
        };

        private static readonly Dictionary<string, Rule[]> Types = new Dictionary<string, Rule[]>
        {
            {
                "welcome", new[]
                {
                    new Rule("version", Kind.Text, Required, 3, NameChars), new Rule("session", Kind.Text, Required, 1, NameChars),
                    new Rule("resume", Kind.Token, Required), Count("next_step", Required),
                    new Rule("seed", Kind.Whole, Required, 0, long.MaxValue), new Rule("layout", Kind.Name, Required, 0, 0, Layouts),
                    new Rule("format", Kind.Name, Required, 0, 0, Formats), new Rule("pace", Kind.Name, Required, 0, 0, Paces),
                    new Rule("channels", Kind.Whole, Required, 1, 64), new Rule("sample_rate_hz", Kind.Whole, Required, 1, 1000000),
                    new Rule("step_samples", Kind.Whole, Required, 1, 1000000),
                    new Rule("max_outstanding_steps", Kind.Whole, Required, 1, Limits.Count), Count("sound_version", Required),
                    new Rule("resumed", Kind.Flag, Optional), Count("last_seq", Optional),
                    new Rule("renderer", Kind.Name, Optional, 0, 0, Renderers), new Rule("weights", Kind.Text, Optional, 0, 16),
                    new Rule("zone_key", Kind.Token, Optional)
                }
            },
            {
                "frame", new[]
                {
                    Count("step", Required), Count("applied_seq", Required), new Rule("layout", Kind.Name, Required, 0, 0, Layouts),
                    new Rule("format", Kind.Name, Required, 0, 0, Formats), new Rule("cut", Kind.Whole, Optional, 0, 32767),
                    new Rule("quality", Kind.Whole, Optional, 0, 3)
                }
            },
            {
                "scene", new[]
                {
                    Count("step", Required), Count("seq", Optional), Count("applied_seq", Optional),
                    new Rule("values", Kind.Numbers, Optional), new Rule("targets", Kind.Numbers, Optional),
                    new Rule("reasons", Kind.Reasons, Optional)
                }
            },
            {
                "warning", new[]
                {
                    new Rule("code", Kind.Name, Required, 0, 0, Warnings), new Rule("detail", Kind.Text, Required, 0, DetailChars),
                    Count("seq", Optional), new Rule("at", Kind.Number, Optional, 0, LatestS),
                    new Rule("applied_at", Kind.Number, Optional, 0, LatestS), Count("from_step", Optional), Count("next_step", Optional)
                }
            },
            {
                "error", new[]
                {
                    new Rule("code", Kind.Name, Required, 0, 0, Errors), new Rule("detail", Kind.Text, Required, 0, DetailChars),
                    new Rule("field", Kind.Text, Optional, 0, DetailChars), new Rule("value", Kind.Text, Optional, 0, DetailChars),
                    new Rule("allowed", Kind.Text, Optional, 0, DetailChars), Count("seq", Optional),
                    new Rule("retry_s", Kind.Number, Optional, 0, LatestS)
                }
            },
            { "bye", new[] { new Rule("reason", Kind.Name, Optional, 0, 0, Byes) } }
        };

        /// <summary>The message in these bytes, by field. ProtocolException, with code and field, if it is not a right one.</summary>
        public static Dictionary<string, object> Read(ArraySegment<byte> data)
        {
            var message = Msgpack.Decode(data, Limits.Server);
            object type;
            Rule[] rules;
            if (!message.TryGetValue("type", out type)) throw new ProtocolException("missing_field", "type is missing", "type");
            if (!(type is string)) throw new ProtocolException("wrong_type", "type is no string", "type");
            if (!Types.TryGetValue((string)type, out rules))
                throw new ProtocolException("unknown_type", "type '" + type + "' is no type of message", "type");
            Check(message, rules, "", "type");
            return message;
        }

        /// <summary>A whole number of a message, or what it counts as without it.</summary>
        public static long Whole(Dictionary<string, object> message, string field, long without = 0)
        {
            object value;
            return message.TryGetValue(field, out value) && value is long ? (long)value : without;
        }

        /// <summary>A string of a message, or what it counts as without it.</summary>
        public static string Text(Dictionary<string, object> message, string field, string without = "")
        {
            object value;
            return message.TryGetValue(field, out value) ? value as string ?? without : without;
        }

        private static Rule Count(string field, bool isRequired)
        {
            return new Rule(field, Kind.Whole, isRequired, 0, Limits.Count);
        }

        private static void Check(Dictionary<string, object> map, Rule[] rules, string path, string besides)
        {
            var known = besides != null && map.ContainsKey(besides) ? 1 : 0;
            foreach (var rule in rules)
            {
                object value;
                if (map.TryGetValue(rule.Field, out value))
                {
                    known++;
                    Check(value, rule, path + rule.Field);
                }
                else if (rule.IsRequired)
                {
                    throw new ProtocolException("missing_field", path + rule.Field + " is missing", path + rule.Field);
                }
            }
            if (known == map.Count) return;
            foreach (var field in map.Keys)
                if (field != besides && Array.FindIndex(rules, rule => rule.Field == field) < 0)
                    throw new ProtocolException("unknown_field", path + field + " is no field of this map", path + field);
        }

        private static void Check(object value, Rule rule, string path)
        {
            switch (rule.Kind)
            {
                case Kind.Whole:
                    if (!(value is long || value is ulong)) throw WrongType(path, "an integer");
                    Range(Convert.ToDouble(value), rule, path);
                    break;
                case Kind.Number:
                    Number(value, rule.Least, rule.Most, path);
                    break;
                case Kind.Text:
                    if (!(value is string)) throw WrongType(path, "a string");
                    Range(((string)value).Length, rule, path);
                    break;
                case Kind.Flag:
                    if (!(value is bool)) throw WrongType(path, "true or false");
                    break;
                case Kind.Token:
                    if (!(value is byte[])) throw WrongType(path, "binary data");
                    if (((byte[])value).Length != Limits.TokenBytes) throw OutOfRange(path);
                    break;
                case Kind.Name:
                    if (!(value is string)) throw WrongType(path, "a string");
                    if (Array.IndexOf(rule.Names, (string)value) < 0)
                        throw new ProtocolException("unknown_name", path + " '" + value + "' is none; there are " + string.Join(", ", rule.Names), path);
                    break;
                case Kind.Numbers:
                    Numbers(value as Dictionary<string, object> ?? throw WrongType(path, "a map"), path);
                    break;
                case Kind.Reasons:
                    Reasons(value as List<object> ?? throw WrongType(path, "an array"), path);
                    break;
            }
        }

        private static void Numbers(Dictionary<string, object> map, string path)
        {
            if (map.Count > Entries) throw OutOfRange(path);
            foreach (var entry in map)
            {
                if (entry.Key.Length < 1 || entry.Key.Length > NameChars) throw OutOfRange(path);
                Number(entry.Value, -Span, Span, path + "." + entry.Key);
            }
        }

        private static void Reasons(List<object> list, string path)
        {
            for (var i = 0; i < list.Count; i++)
            {
                var here = path + "[" + i + "]";
                Check(list[i] as Dictionary<string, object> ?? throw WrongType(here, "a map"), Reason, here + ".", null);
            }
        }

        private static void Number(object value, double least, double most, string path)
        {
            if (!(value is long || value is ulong || value is double)) throw WrongType(path, "a number");
            var number = Convert.ToDouble(value);
            if (!(number >= least && number <= most)) throw OutOfRange(path);
        }

        private static void Range(double value, Rule rule, string path)
        {
            if (!(value >= rule.Least && value <= rule.Most)) throw OutOfRange(path);
        }

        private static ProtocolException WrongType(string path, string allowed)
        {
            return new ProtocolException("wrong_type", path + " must be " + allowed, path);
        }

        private static ProtocolException OutOfRange(string path)
        {
            return new ProtocolException("out_of_range", path + " is out of range", path);
        }
    }
}
