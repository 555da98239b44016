using System.Net;
using System.Net.Sockets;

namespace AgentOps.Engine.Tools.Http;

/// <summary>Connects only to addresses of the public internet, judged after name resolution, so that no name can point inside.</summary>
internal static class AddressGuard
{
    /// <summary>Resolves the host and connects to the first address that is permitted.</summary>
    /// <exception cref="HttpRequestException">Every address of the host is refused.</exception>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, bool allowPrivate, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(endPoint.Host, cancellationToken);
        var permitted = allowPrivate ? addresses : Array.FindAll(addresses, IsPublic);
        if (permitted.Length == 0)
        {
            throw new HttpRequestException($"The host '{endPoint.Host}' resolves to a private address, which this tool may not reach.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(permitted, endPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether an address is routed on the public internet (IANA special-purpose address registries, RFC 6890).</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // Only 2000::/3 is global unicast; in it lie protocol assignments (2001::/23, Teredo among them), documentation
            // (2001:db8::/32, 3fff::/20) and 6to4 (2002::/16), whose addresses can stand for private IPv4 ones.
            var bytes = address.GetAddressBytes();
            return (bytes[0] & 0xe0) == 0x20
                && !(bytes[0] == 0x20 && bytes[1] == 0x01 && (bytes[2] <= 0x01 || (bytes[2] == 0x0d && bytes[3] == 0xb8)))
                && !(bytes[0] == 0x20 && bytes[1] == 0x02)
                && !(bytes[0] == 0x3f && bytes[1] == 0xff && (bytes[2] & 0xf0) == 0);
        }

        var b = address.GetAddressBytes();
        return !(b[0] is 0 or 10 or 127 or >= 224
            || (b[0] == 100 && b[1] is >= 64 and <= 127)
            || (b[0] == 169 && b[1] == 254)
            || (b[0] == 172 && b[1] is >= 16 and <= 31)
            || (b[0] == 192 && b[1] == 168)
            || (b[0] == 192 && b[1] == 0 && (b[2] is 0 or 2))
            || (b[0] == 192 && b[1] == 88 && b[2] == 99)
            || (b[0] == 198 && (b[1] is 18 or 19))
            || (b[0] == 198 && b[1] == 51 && b[2] == 100)
            || (b[0] == 203 && b[1] == 0 && b[2] == 113));
    }
}
