using System;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ambiome
{
    /// <summary>
    /// One TCP connection that speaks <see cref="Zmtp"/>. It never waits longer than <see cref="Poll"/> is told to, and
    /// belongs to one thread.
    /// </summary>
    public sealed class Dealer : IDisposable
    {
        /// <summary>A connection that is not up after so many seconds is given up.</summary>
        public const double PatienceS = 3;

        private const int MostReads = 64;

        private readonly string _address;
        private readonly int _port;
        private readonly double _since;
        private readonly byte[] _data = new byte[65536];
        private readonly Zmtp _zmtp = new Zmtp();
        private IAsyncResult _asked;
        private IAsyncResult _dialled;
        private IPAddress[] _hosts;
        private int _next;
        private Socket _socket;
        private bool _isConnected;

        /// <summary>Begins to connect to <c>tcp://host:port</c>. FormatException if the address is none.</summary>
        public Dealer(string address, double now)
        {
            string host;
            Split(address, out host, out _port);
            _address = address;
            _since = now;
            IPAddress literal;
            if (IPAddress.TryParse(host, out literal)) _hosts = new[] { literal };
            else _asked = Dns.BeginGetHostAddresses(host, null, null);
        }

        /// <summary>The codec: messages are sent through it, and taken from it.</summary>
        public Zmtp Zmtp
        {
            get { return _zmtp; }
        }

        /// <summary>Whether messages may be sent.</summary>
        public bool IsReady
        {
            get { return _zmtp.IsReady; }
        }

        /// <summary>Why the connection is gone, or could not be made; null while it may still be good.</summary>
        public string Failure { get; private set; }

        /// <summary>Host and port of <c>tcp://host:port</c>. FormatException if the address is none.</summary>
        public static void Split(string address, out string host, out int port)
        {
            const string scheme = "tcp://";
            var colon = address == null ? -1 : address.LastIndexOf(':');
            host = null;
            port = 0;
            if (address != null && address.StartsWith(scheme, StringComparison.Ordinal) && colon > scheme.Length)
            {
                host = address.Substring(scheme.Length, colon - scheme.Length).Trim('[', ']');
                int.TryParse(address.Substring(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port);
            }
            if (string.IsNullOrEmpty(host) || port < 1 || port > 65535)
                throw new FormatException("'" + address + "' is no address; it must be like " + ClientOptions.DefaultAddress);
        }

        /// <summary>
        /// Sends what waits and takes in what came, or waits for something at most so many milliseconds. ProtocolException never:
        /// <see cref="Ambiome.Zmtp.TryMessage"/> is the caller's.
        /// </summary>
        public void Poll(int milliseconds, double now)
        {
            try
            {
                if (!_isConnected) Connect(milliseconds, now);
                else Transfer(milliseconds);
                if (!IsReady && now > _since + PatienceS) Failure = Failure ?? _address + " does not answer";
            }
            catch (SocketException fault)
            {
                Failure = _address + ": " + fault.Message;
            }
            catch (ObjectDisposedException)
            {
                Failure = _address + ": closed";
            }
        }

        /// <summary>Sends what waits, as far as it goes without waiting.</summary>
        public void Flush()
        {
            if (!_isConnected || Failure != null) return;
            try
            {
                Write();
            }
            catch (SocketException fault)
            {
                Failure = _address + ": " + fault.Message;
            }
        }

        /// <summary>Hangs up. What was sent still goes out.</summary>
        public void Dispose()
        {
            Failure = Failure ?? "closed";
            if (_socket != null) _socket.Close();
        }

        private void Connect(int milliseconds, double now)
        {
            if (_asked != null)
            {
                if (!_asked.AsyncWaitHandle.WaitOne(milliseconds)) return;
                _hosts = Dns.EndGetHostAddresses(_asked);
                _asked = null;
            }
            if (_dialled == null && !Dial()) return;
            if (!_dialled.AsyncWaitHandle.WaitOne(milliseconds)) return;
            try
            {
                _socket.EndConnect(_dialled);
                _socket.Blocking = false;
                _socket.NoDelay = true;
                _isConnected = true;
            }
            catch (SocketException fault)
            {
                HangUp(fault.Message);
            }
        }

        private bool Dial()
        {
            if (_next == _hosts.Length)
            {
                Failure = Failure ?? _address + " is not there";
                return false;
            }
            var host = _hosts[_next++];
            try
            {
                _socket = new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                _dialled = _socket.BeginConnect(new IPEndPoint(host, _port), null, null);
            }
            catch (SocketException fault)
            {
                HangUp(fault.Message);
                return false;
            }
            return true;
        }

        private void HangUp(string why)
        {
            if (_socket != null) _socket.Close();
            _socket = null;
            _dialled = null;
            if (_next == _hosts.Length) Failure = _address + ": " + why;
        }

        private void Transfer(int milliseconds)
        {
            Write();
            if (!_socket.Poll(1000 * milliseconds, SelectMode.SelectRead)) return;
            for (var reads = 0; reads < MostReads; reads++)
            {
                SocketError error;
                var count = _socket.Receive(_data, 0, _data.Length, SocketFlags.None, out error);
                if (error == SocketError.WouldBlock) return;
                if (error != SocketError.Success) throw new SocketException((int)error);
                if (count == 0)
                {
                    Failure = _address + " hung up";
                    return;
                }
                _zmtp.Receive(_data, count);
                if (count < _data.Length) return;
            }
        }

        private void Write()
        {
            while (_zmtp.Outgoing.Count > 0)
            {
                SocketError error;
                var outgoing = _zmtp.Outgoing;
                var count = _socket.Send(outgoing.Array, outgoing.Offset, outgoing.Count, SocketFlags.None, out error);
                if (error == SocketError.WouldBlock) return;
                if (error != SocketError.Success) throw new SocketException((int)error);
                _zmtp.Sent(count);
            }
        }
    }
}
