using LocalCloud.Athena.Scanning;

namespace LocalCloud.Athena.Statements;

/// <summary>CREATE VIEW and DROP VIEW.</summary>
internal sealed class ViewStatements(QueryWorld world)
{
    public StatementOutcome Create(CreateView statement, StatementSettings settings)
    {
        var (database, name) = Names.Of(statement.View, settings.Database);
        Names.RequireDatabase(world.Catalog, database);
        var existing = world.Catalog.FindTable(database, name);
        if (existing is not null && !TableSource.IsViewTable(existing))
        {
            throw new QueryFailure(QueryError.AlreadyExists, $"Table already exists: 'awsdatacatalog.{database}.{name}'");
        }

        if (existing is not null && !statement.Replace)
        {
            throw new QueryFailure(QueryError.AlreadyExists, $"View already exists: 'awsdatacatalog.{database}.{name}'");
        }

        IReadOnlyList<SourceColumn> columns;
        using (var session = new QuerySession(world, settings.Id, settings.Database))
        {
            columns = session.Outputs(statement.Query);
        }

        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].Name == $"_col{i}")
            {
                throw new QueryFailure(QueryError.Syntax, $"Column name not specified at position {i + 1}");
            }
        }

        var twice = columns.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
        {
            throw new QueryFailure(QueryError.Syntax, $"Column name '{twice.Key}' specified more than once");
        }

        var table = new ViewDefinition(statement.Text, settings.Database, columns).ToTable(name);
        if (existing is null)
        {
            world.Catalog.CreateTable(database, table);
        }
        else
        {
            // A replaced view keeps what others have written at it.
            var parameters = new Dictionary<string, string>(existing.Parameters ?? new Dictionary<string, string>());
            foreach (var (key, value) in table.Parameters!)
            {
                parameters[key] = value;
            }

            world.Catalog.UpdateTable(database, table with { Parameters = parameters });
        }

        return new StatementOutcome([]);
    }

    public StatementOutcome Drop(DropView statement, StatementSettings settings)
    {
        var (database, name) = Names.Of(statement.View, settings.Database);
        var existing = world.Catalog.FindTable(database, name);
        if (existing is null)
        {
            return statement.IfExists
                ? new StatementOutcome([])
                : throw new QueryFailure(QueryError.TableNotFound, $"View 'awsdatacatalog.{database}.{name}' does not exist");
        }

        if (!TableSource.IsViewTable(existing))
        {
            throw new QueryFailure(QueryError.Syntax, $"'awsdatacatalog.{database}.{name}' is a table, not a view: use DROP TABLE");
        }

        world.Catalog.DeleteTable(database, name);
        return new StatementOutcome([]);
    }
}
