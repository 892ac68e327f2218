namespace Pixel.Events;

/// <summary>A column of the table <c>tp_events</c>.</summary>
/// <param name="Name">Its name, in snake_case.</param>
/// <param name="GlueType">Its type as the Glue catalog writes it, for example <c>map&lt;string,string&gt;</c>.</param>
/// <param name="Comment">What it holds; at most 255 characters.</param>
public sealed record EventColumn(string Name, string GlueType, string Comment);
