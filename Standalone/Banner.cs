using System.Net;

namespace Standalone;

/// <summary>What the user reads when everything runs: where it is, what to paste, what to try next.</summary>
internal static class Banner
{
    private const string Example = "trackingpixel?userid=aws_user&thirdpartyname=example.hightrafficwebsite.com";

    public static void Write(TextWriter output, StandaloneOptions options, EmbeddedSystem system)
    {
        output.WriteLine($"""
            PixelAspire is running; Ctrl-C stops it.

              The pixel   {new Uri(system.Beacon, "trackingpixel")}
              AWS APIs    {system.Cloud.GetLeftPart(UriPartial.Authority)} (S3, Firehose, Glue, Athena; region {AwsIsolation.Region}, any access key)
              Jobs        {new Uri(system.Worker, "jobs")}
              Data        {options.DataFolder}

            Paste this into a page:
              <img src="{WebUtility.HtmlEncode(new Uri(system.Beacon, Example).ToString())}" width="1" height="1" alt="">
            """);
        if (options.InsightsPort is not null)
        {
            output.WriteLine("\nThis version has no dashboard yet: --insights-port changes nothing.");
        }

        if (options.Command is { } command)
        {
            output.WriteLine($"""

                Then, in another terminal:
                  {command} demo{Unless(8080, system.Beacon, "--port")}
                  {command} query "SELECT user_id, third_party, page_url FROM tp_events"{Unless(4566, system.Cloud, "--cloud-port")}
                """);
        }

        output.Flush();
    }

    private static string Unless(int usual, Uri address, string option) => address.Port == usual ? "" : $" {option} {address.Port}";
}
