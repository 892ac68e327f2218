namespace Pixel.Events.Tests.Schema;

public class EventSchemaTests
{
    private static readonly EventSchema Shipped = EventSchema.Load();

    [Fact]
    public void Built_in_columns_come_first_and_the_fields_follow_in_the_order_of_the_file()
    {
        string[] names = [.. Shipped.Columns.Select(c => c.Name)];

        Assert.Equal(BuiltIn.Count, names.IndexOf("event_name"));
        Assert.Equal(Shipped.Fields.Select(f => f.Name), names[BuiltIn.Count..]);
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Equal(names.IndexOf("user_id"), Shipped.PlaceOf("user_id"));
        Assert.Equal(-1, Shipped.PlaceOf("nothing"));
    }

    [Fact]
    public void Each_constant_names_its_column()
    {
        foreach (var constant in typeof(BuiltIn).GetFields().Where(f => f.IsLiteral && f.Name != nameof(BuiltIn.Count)))
        {
            string column = Shipped.Columns[(int)constant.GetRawConstantValue()!].Name;
            Assert.Equal(constant.Name, column.Replace("_", ""), ignoreCase: true);
        }
    }

    [Fact]
    public void Columns_have_the_types_that_glue_knows()
    {
        Assert.Equal("timestamp", TypeOf("received_at"));
        Assert.Equal("map<string,string>", TypeOf("params"));
        Assert.Equal("bigint", TypeOf("beacon_seq"));
        Assert.Equal("boolean", TypeOf("is_bot"));
        Assert.Equal("string", TypeOf("page_url"));
        Assert.All(Shipped.Columns, c => Assert.InRange(c.Comment.Length, 1, 255));
    }

    [Fact]
    public void Partition_columns_are_strings_unless_asked_otherwise()
    {
        Assert.Equal(["year string", "month string", "day string", "hour string"], EventSchema.PartitionColumns().Select(c => $"{c.Name} {c.GlueType}"));
        Assert.All(EventSchema.PartitionColumns("int"), c => Assert.Equal("int", c.GlueType));
        Assert.Throws<ArgumentException>(() => EventSchema.PartitionColumns("date"));
    }

    private static string TypeOf(string column) => Shipped.Columns[Shipped.PlaceOf(column)].GlueType;
}
