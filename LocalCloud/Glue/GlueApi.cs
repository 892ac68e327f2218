using System.Text;
using LocalCloud.Protocol;

namespace LocalCloud.Glue;

/// <summary>
/// The Glue API on the wire (AWS JSON 1.1, https://docs.aws.amazon.com/glue/latest/webapi/): what a request needs,
/// the limits of its lists, and paging. What an operation means is <see cref="GlueCatalog"/>'s.
/// </summary>
internal sealed partial class GlueApi : AwsJsonService
{
    private readonly GlueCatalog _catalog;

    public GlueApi(GlueCatalog catalog) : base("glue", "AWSGlue")
    {
        _catalog = catalog;
        Databases();
        Tables();
        Partitions();
    }

    public override string ErrorMessageMember => "Message";

    private sealed record DatabaseRequest(string? Name, DatabaseInput? DatabaseInput);

    private sealed record ListRequest(string? DatabaseName, string? TableName, string? Expression, string? NextToken, int? MaxResults);

    private void Databases()
    {
        Handle<DatabaseRequest, object?>("CreateDatabase", (request, _) =>
            Done(() => _catalog.CreateDatabase(Required(request.DatabaseInput, "databaseInput"))));
        Handle<DatabaseRequest, object>("GetDatabase", (request, _) =>
            new { Database = _catalog.GetDatabase(Required(request.Name, "name")) });
        Handle<DatabaseRequest, object?>("UpdateDatabase", (request, _) =>
            Done(() => _catalog.UpdateDatabase(Required(request.Name, "name"), Required(request.DatabaseInput, "databaseInput"))));
        Handle<DatabaseRequest, object?>("DeleteDatabase", (request, _) =>
            Done(() => _catalog.DeleteDatabase(Required(request.Name, "name"))));
        Handle<ListRequest, object>("GetDatabases", (request, _) =>
        {
            var (page, next) = Page(_catalog.GetDatabases(), database => database.Name, request);
            return new { DatabaseList = page, NextToken = next };
        });
    }

    // An operation whose answer is the empty object.
    private static object? Done(Action work)
    {
        work();
        return null;
    }

    private static T Required<T>(T? value, string member) where T : class =>
        value ?? throw Validation($"Value null at '{member}'", "Member must not be null");

    // The lists of batch operations have a most, and the call fails as a whole beyond it.
    private static IReadOnlyList<T> Required<T>(IReadOnlyList<T>? list, string member, int most) =>
        Required(list, member).Count <= most
            ? list!
            : throw Validation($"Value at '{member}'", $"Member must have length less than or equal to {most}");

    private static AwsException Validation(string what, string constraint) =>
        new("ValidationException", $"1 validation error detected: {what} failed to satisfy constraint: {constraint}");

    private static int PageSize(int? asked, int most) =>
        asked is null ? most
        : asked >= 1 && asked <= most ? asked.Value
        : throw Validation($"Value '{asked}' at 'maxResults'", asked < 1
            ? "Member must have value greater than or equal to 1"
            : $"Member must have value less than or equal to {most}");

    // A token is the last thing answered, so that what is created or deleted between two pages shifts nothing.
    private static (List<T> Page, string? Next) Page<T>(IReadOnlyList<T> all, Func<T, string> id, ListRequest request)
    {
        var size = PageSize(request.MaxResults, 100);
        var last = request.NextToken is null ? null : FromToken(request.NextToken);
        var from = last is null ? 0 : all.TakeWhile(item => id(item) != last).Count() + 1;
        var page = all.Skip(from).Take(size).ToList();
        return (page, from + size < all.Count ? ToToken(id(page[^1])) : null);
    }

    private static string ToToken(string last) => Convert.ToBase64String(Encoding.UTF8.GetBytes(last));

    private static string FromToken(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException)
        {
            throw InvalidToken();
        }
    }

    private static AwsException InvalidToken() => new("InvalidInputException", "The token is not valid.");
}
