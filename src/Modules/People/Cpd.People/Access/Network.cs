using System.Net;
using System.Net.Sockets;

namespace Cpd.People.Access;

/// <summary>Where a request comes from, as far as attempts are counted together: an IPv4 address, or the 64 bits of IPv6 that one customer holds.</summary>
internal static class Network {
    internal static string Of(IPAddress? address) {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork) return address.ToString();
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes).ToString();
    }
}
