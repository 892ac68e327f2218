using System.Text;
using System.Text.RegularExpressions;
using Amazon.S3.Model;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>The main job: a page in a real browser, and SQL that returns the page view.</summary>
public partial class BrowserTests
{
    [Fact]
    public async Task A_page_view_in_a_browser_is_a_row_that_sql_returns_from_a_partitioned_parquet_object()
    {
        Assert.SkipWhen(Tools.Chromium is null, "there is no Chromium; install one, or name it with PIXEL_CHROMIUM");
        using var folder = new TemporaryFolder();
        await using var system = await RunningSystem.StartAsync(folder.Path);
        await using var page = await PageWithPixel.StartAsync(TagIn().Match(system.Process.Printed).Value);

        Assert.Equal((200, "image/gif", 43), await OpenAsync(page.Address));

        var rows = await system.UntilAsync("SELECT user_id, third_party, page_url, user_agent FROM tp_events WHERE event_name <> 'ledger'", rows => rows.Count > 0);
        var row = Assert.Single(rows);
        Assert.Equal(["aws_user", "example.hightrafficwebsite.com", page.Address.ToString()], row.Take(3));
        Assert.Contains("Chrome", row[3]);
        await ObjectsAreParquetInHoursAsync(system);
    }

    /// <summary>What the browser got for the pixel when it opened the page.</summary>
    private static async Task<(int Status, string Type, int Length)> OpenAsync(Uri page)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Tools.Chromium,
            Headless = true,
            // Chromium's sandbox refuses to run as root, which is who continuous integration often is.
            Args = OperatingSystem.IsLinux() && Environment.UserName == "root" ? ["--no-sandbox"] : [],
        });
        var tab = await browser.NewPageAsync();
        var pixel = await tab.RunAndWaitForResponseAsync(async () => await tab.GotoAsync(page.ToString()), response => response.Url.Contains("/trackingpixel"));
        return (pixel.Status, pixel.Headers["content-type"], (await pixel.BodyAsync()).Length);
    }

    private static async Task ObjectsAreParquetInHoursAsync(RunningSystem system)
    {
        using var s3 = system.S3();
        var listed = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "pixel-lake", Prefix = "events/" });
        var key = Assert.Single(listed.S3Objects).Key;
        Assert.Matches(KeyOfAnHour(), key);

        using var parquet = await s3.GetObjectAsync("pixel-lake", key);
        using var bytes = new MemoryStream();
        await parquet.ResponseStream.CopyToAsync(bytes);
        const string magic = "PAR1"; // a Parquet file begins and ends with it
        Assert.Equal(magic, Encoding.ASCII.GetString(bytes.ToArray()[..4]));
        Assert.Equal(magic, Encoding.ASCII.GetString(bytes.ToArray()[^4..]));
    }

    [GeneratedRegex("<img [^>]+>")]
    private static partial Regex TagIn();

    [GeneratedRegex(@"^events/year=\d{4}/month=\d{2}/day=\d{2}/hour=\d{2}/[^/]+$")]
    private static partial Regex KeyOfAnHour();
}
