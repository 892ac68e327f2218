using System.ComponentModel.DataAnnotations;
using Pixel.Events.Lake;

namespace Pixel.Events.Tests.Lake;

public class LakeOptionsTests
{
    [Fact]
    public void The_defaults_are_valid()
    {
        Assert.Empty(Problems(new LakeOptions()));
        Assert.Same(KeyLayout.Hive, new LakeOptions().ToLayout());
    }

    [Fact]
    public void Every_problem_names_its_setting()
    {
        var options = new LakeOptions { LakeBucketName = "", EventsPrefix = "/events", DataFormat = "csv", PartitionType = "date", KeyLayout = "flat" };

        Assert.Equal(
            ["LakeBucketName", "EventsPrefix", "DataFormat", "PartitionType", "KeyLayout"],
            Problems(options).Select(p => p.Split(' ')[0].Replace("AWS:Resources:", "")));
    }

    private static List<string> Problems(LakeOptions options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return [.. results.Select(r => r.ErrorMessage!)];
    }
}
