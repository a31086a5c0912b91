using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Html;
using QRCoder;

namespace Cpd.Platform.Web;

/// <summary>A text as a QR code.</summary>
public static class QrImage {
    /// <summary>An SVG of one path and no style, which the content security policy would refuse. It grows with its class or attributes and is sharp in print.</summary>
    /// <param name="text">What is read from it; usually an address.</param>
    /// <param name="label">What it is, for those who do not see it.</param>
    /// <param name="pixels">Its width and height on the screen.</param>
    public static IHtmlContent Of(string text, string label, int pixels = 160) {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = code.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++) {
            for (var x = 0; x < rows[y].Count; x++) {
                if (rows[y][x]) path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
            }
        }
        return new HtmlString(string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{pixels}" height="{pixels}" viewBox="0 0 {rows.Count} {rows.Count}" shape-rendering="crispEdges" role="img" aria-label="{System.Net.WebUtility.HtmlEncode(label)}"><rect width="100%" height="100%" fill="#ffffff"/><path fill="#000000" d="{path}"/></svg>
            """));
    }
}
