using System;
using System.Text;

namespace Ambiome
{
    /// <summary>
    /// ZMTP 3.0 with the mechanism NULL, as a DEALER, without a socket: bytes go in by <see cref="Receive"/>, messages come
    /// out by <see cref="TryMessage"/>, and what is to be sent stands in <see cref="Outgoing"/>.
    /// </summary>
    /// <remarks>
    /// Greeting and READY are sent at once; the server's READY makes it ready. A PING is answered by a PONG, also between
    /// the parts of a message. What SPEC.md does not allow is a ProtocolException: then there is nothing to do but hang up.
    /// </remarks>
    public sealed class Zmtp
    {
        /// <summary>The most bytes of a part: audio of 64 channels.</summary>
        public const int PartBytes = 524288;

        private const int GreetingBytes = 64, CommandBytes = 4096, ContextBytes = 16;
        private const int More = 1, Long = 2, Command = 4;
        private static readonly byte[] Ready = Encoding.ASCII.GetBytes("\u0005READY\u000bSocket-Type\0\0\0\u0006" + "DEALER");

        private byte[] _in = new byte[65536];
        private int _start;
        private int _end;
        private int _cursor;
        private bool _isGreeted;
        private int _parts;
        private ArraySegment<byte> _head;

        private byte[] _out = new byte[4096];
        private int _outCount;

        /// <summary>Begins: the greeting and READY are to be sent.</summary>
        public Zmtp()
        {
            var greeting = new byte[GreetingBytes];
            greeting[0] = 0xff;
            greeting[9] = 0x7f;
            greeting[10] = 3;
            Encoding.ASCII.GetBytes("NULL", 0, 4, greeting, 12);
            Put(greeting, 0, greeting.Length);
            Frame(Command, Ready, 0, Ready.Length);
        }

        /// <summary>Whether the server has said READY: messages may be sent.</summary>
        public bool IsReady { get; private set; }

        /// <summary>The bytes that are to be sent; <see cref="Sent"/> takes them away.</summary>
        public ArraySegment<byte> Outgoing
        {
            get { return new ArraySegment<byte>(_out, 0, _outCount); }
        }

        /// <summary>The first <paramref name="count"/> bytes of <see cref="Outgoing"/> were sent.</summary>
        public void Sent(int count)
        {
            _outCount -= count;
            Buffer.BlockCopy(_out, count, _out, 0, _outCount);
        }

        /// <summary>Puts a message of one part to what is to be sent.</summary>
        public void Send(byte[] message)
        {
            Frame(0, message, 0, message.Length);
        }

        /// <summary>Takes bytes as they came. What <see cref="TryMessage"/> gave out before is no longer valid.</summary>
        public void Receive(byte[] data, int count)
        {
            if (_end + count > _in.Length) MakeRoom(count);
            Buffer.BlockCopy(data, 0, _in, _end, count);
            _end += count;
        }

        /// <summary>
        /// The next whole message: its first part, and its second one, if it has two (else of no bytes and no array). Both
        /// lie in a buffer that is valid until the next <see cref="Receive"/>.
        /// </summary>
        public bool TryMessage(out ArraySegment<byte> head, out ArraySegment<byte> audio)
        {
            head = audio = default(ArraySegment<byte>);
            if (!_isGreeted && !Greet()) return false;
            int flags;
            ArraySegment<byte> body;
            while (Next(out flags, out body))
            {
                if ((flags & Command) != 0)
                {
                    Obey(body);
                    if (_parts == 0) _start = _cursor;
                    continue;
                }
                if (!IsReady) throw Malformed("a message comes before READY");
                if (++_parts > 2) throw Malformed("a message has more than two parts");
                if ((flags & More) != 0)
                {
                    _head = new ArraySegment<byte>(_in, body.Offset - _start, body.Count);
                    continue;
                }
                head = _parts == 1 ? body : new ArraySegment<byte>(_in, _start + _head.Offset, _head.Count);
                audio = _parts == 1 ? default(ArraySegment<byte>) : body;
                _start = _cursor;
                _parts = 0;
                return true;
            }
            return false;
        }

        private bool Greet()
        {
            if (_end > 0 && _in[0] != 0xff) throw Malformed("the server does not speak ZMTP");
            if (_end < GreetingBytes) return false;
            if ((_in[9] & 1) == 0 || _in[10] < 3) throw Malformed("the server speaks a ZMTP before 3.0");
            if (Encoding.ASCII.GetString(_in, 12, 20).TrimEnd('\0') != "NULL") throw Malformed("the server asks for a login");
            _isGreeted = true;
            _start = _cursor = GreetingBytes;
            return true;
        }

        private bool Next(out int flags, out ArraySegment<byte> body)
        {
            flags = 0;
            body = default(ArraySegment<byte>);
            if (_end - _cursor < 2) return false;
            flags = _in[_cursor];
            if (flags > (More | Long | Command) || flags == (More | Command) || flags == (More | Long | Command))
                throw Malformed("a frame's flags are " + flags);
            var headBytes = (flags & Long) != 0 ? 9 : 2;
            if (_end - _cursor < headBytes) return false;
            ulong size = 0;
            for (var i = 1; i < headBytes; i++) size = (size << 8) | _in[_cursor + i];
            var most = (flags & Command) != 0 ? CommandBytes : PartBytes;
            if (size > (ulong)most) throw new ProtocolException("too_large", "a frame of " + size + " bytes; at most " + most + " are allowed");
            if (_end - _cursor - headBytes < (int)size) return false;
            body = new ArraySegment<byte>(_in, _cursor + headBytes, (int)size);
            _cursor += headBytes + (int)size;
            return true;
        }

        private void Obey(ArraySegment<byte> body)
        {
            if (Is(body, "READY"))
            {
                IsReady = true;
            }
            else if (Is(body, "ERROR"))
            {
                throw Malformed("the server hangs up: " + Encoding.ASCII.GetString(body.Array, body.Offset + 6, body.Count - 6));
            }
            else if (Is(body, "PING"))
            {
                var context = body.Count - 7;
                if (context < 0 || context > ContextBytes) throw Malformed("a PING of " + body.Count + " bytes");
                var pong = new byte[5 + context];
                Encoding.ASCII.GetBytes("\u0004PONG", 0, 5, pong, 0);
                Buffer.BlockCopy(body.Array, body.Offset + 7, pong, 5, context);
                Frame(Command, pong, 0, pong.Length);
            }
        }

        private static bool Is(ArraySegment<byte> body, string name)
        {
            if (body.Count <= name.Length || body.Array[body.Offset] != name.Length) return false;
            for (var i = 0; i < name.Length; i++)
                if (body.Array[body.Offset + 1 + i] != name[i]) return false;
            return true;
        }

        private void MakeRoom(int count)
        {
            var waiting = _end - _start;
            var into = waiting + count > _in.Length ? new byte[Math.Max(2 * _in.Length, waiting + count)] : _in;
            Buffer.BlockCopy(_in, _start, into, 0, waiting);
            _in = into;
            _cursor -= _start;
            _end = waiting;
            _start = 0;
        }

        private void Frame(int flags, byte[] body, int offset, int count)
        {
            if (count <= 0xff)
            {
                Put((byte)flags);
                Put((byte)count);
            }
            else
            {
                Put((byte)(flags | Long));
                for (var shift = 56; shift >= 0; shift -= 8) Put((byte)((ulong)count >> shift));
            }
            Put(body, offset, count);
        }

        private void Put(byte value)
        {
            if (_outCount == _out.Length) Array.Resize(ref _out, 2 * _outCount);
            _out[_outCount++] = value;
        }

        private void Put(byte[] data, int offset, int count)
        {
            if (_outCount + count > _out.Length) Array.Resize(ref _out, Math.Max(2 * _out.Length, _outCount + count));
            Buffer.BlockCopy(data, offset, _out, _outCount, count);
            _outCount += count;
        }

        private static ProtocolException Malformed(string what)
        {
            return new ProtocolException("malformed", what);
        }
    }
}
