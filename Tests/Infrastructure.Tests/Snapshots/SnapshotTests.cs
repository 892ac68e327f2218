namespace Infrastructure.Tests.Snapshots;

public sealed class SnapshotTests
{
    [Fact]
    public void Every_snapshot_is_of_a_template_that_there_is() => Assert.Equal(
        [
            "PixelEdge.cloudfront", "PixelEdge.fargate-application", "PixelEdge.fargate-network", "PixelEdge.functionurl", "PixelEdge.httpapi", "PixelEdgeGlobal",
            "PixelEdgeWatch", "PixelWorker",
        ],
        Snapshot.Names);

    [Fact]
    public void What_differs_is_shown_by_lines_with_the_member_that_they_are_in() => Assert.Equal(
        """
        @@ "Queue"
               "Type": "Q",
               "Properties": {
        -        "Seconds": 30
        +        "Seconds": 45,
        +        "Name": "q"
               }
             },
        @@ "Topic"
             "Topic": {
               "Type": "T"
        +      ,"Condition": "C"
             }
           }
        """.ReplaceLineEndings("\n"),
        LineDiff.Of(Text("        \"Seconds\": 30", null), Text("        \"Seconds\": 45,\n        \"Name\": \"q\"", "      ,\"Condition\": \"C\"")).ReplaceLineEndings("\n"));

    [Fact]
    public void Much_that_differs_is_cut()
    {
        var shown = LineDiff.Of("", string.Join('\n', Enumerable.Range(0, 1000)));

        Assert.EndsWith("… and 941 more lines that differ", shown);
        Assert.Equal(62, shown.Split('\n').Length);
    }

    private static string Text(string seconds, string? condition) => string.Join('\n',
    [
        "{", "  \"Resources\": {", "    \"Queue\": {", "      \"Type\": \"Q\",", "      \"Properties\": {", seconds, "      }", "    },",
        "    \"Role\": {", "      \"Type\": \"R\",", "      \"Description\": \"x\"", "    },",
        "    \"Topic\": {", "      \"Type\": \"T\"", .. condition is null ? Array.Empty<string>() : [condition], "    }", "  }", "}",
    ]);
}
