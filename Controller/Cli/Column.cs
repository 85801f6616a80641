namespace NetServ.Cli;

/// <summary>One column of a listing.</summary>
/// <param name="Title">Head of the column.</param>
/// <param name="JsonName">Name of the value in JSON.</param>
/// <param name="Value">The value in JSON: text, number, list or dictionary.</param>
/// <param name="Shown">The value for a person; null to show <paramref name="Value"/> as it prints.</param>
internal sealed record Column<T>(string Title, string JsonName, Func<T, object?> Value, Func<T, string>? Shown = null)
{
    /// <summary>The cell's text.</summary>
    internal string Cell(T row) => Shown is null ? Convert.ToString(Value(row), System.Globalization.CultureInfo.InvariantCulture) ?? "" : Shown(row);
}
