using System.Globalization;
using DuckDB.NET.Data;

namespace LocalCloud.Athena;

/// <summary>The few functions that SQL cannot say: how Java prints a floating-point number.</summary>
internal static class DuckFunctions
{
    public static void Register(DuckDBConnection connection)
    {
        Register<double>(connection, "pixel_java_double", JavaNumbers.Print);
        Register<float>(connection, "pixel_java_real", JavaNumbers.Print);
        Register<double>(connection, "pixel_scientific", JavaNumbers.Scientific);
        RegisterReading<long>(connection, "pixel_try_whole", text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null);
        RegisterReading<double>(connection, "pixel_try_double", text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null);
    }

    // Null stays null; the simpler way of registering throws on it.
    private static void Register<T>(DuckDBConnection connection, string name, Func<T, string> print) =>
        connection.RegisterScalarFunction<T, string>(name, (readers, writer, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
            {
                if (readers[0].IsValid(row))
                {
                    writer.WriteValue(print(readers[0].GetValue<T>(row)), row);
                }
                else
                {
                    writer.WriteNull(row);
                }
            }
        }, new ScalarFunctionOptions { IsPureFunction = true }, false);

    private static void RegisterReading<T>(DuckDBConnection connection, string name, Func<string, T?> read)
        where T : struct =>
        connection.RegisterScalarFunction<string, T>(name, (readers, writer, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
            {
                if (readers[0].IsValid(row) && read(readers[0].GetValue<string>(row)) is { } value)
                {
                    writer.WriteValue(value, row);
                }
                else
                {
                    writer.WriteNull(row);
                }
            }
        }, new ScalarFunctionOptions { IsPureFunction = true }, false);
}

/// <summary>Floating-point numbers as Java prints them, which is how Athena prints them.</summary>
internal static class JavaNumbers
{
    /// <summary>Double.toString: plain from 10⁻³ to below 10⁷, else with an exponent; always with a fraction.</summary>
    public static string Print(double value) => Print(value, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Float.toString.</summary>
    public static string Print(float value) => Print(value, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>What CAST to varchar makes of a double: always one digit before the point and an exponent.</summary>
    public static string Scientific(double value)
    {
        if (Special(value) is { } special)
        {
            return special;
        }

        var (sign, digits, exponent) = Shortest(value.ToString("R", CultureInfo.InvariantCulture));
        return value == 0 ? sign + "0.0E0" : Scientific(sign, digits, exponent);
    }

    private static string Print(double value, string shortest)
    {
        if (Special(value) is { } special)
        {
            return special;
        }

        var (sign, digits, exponent) = Shortest(shortest);
        if (value == 0)
        {
            return sign + "0.0";
        }

        if (Math.Abs(value) is < 1e-3 or >= 1e7)
        {
            return Scientific(sign, digits, exponent);
        }

        if (exponent < 0)
        {
            return sign + "0." + new string('0', -exponent - 1) + digits;
        }

        var whole = digits.Length > exponent + 1 ? digits[..(exponent + 1)] : digits.PadRight(exponent + 1, '0');
        var fraction = digits.Length > exponent + 1 ? digits[(exponent + 1)..] : "0";
        return $"{sign}{whole}.{fraction}";
    }

    private static string? Special(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "Infinity" : double.IsNegativeInfinity(value) ? "-Infinity" : null;

    private static string Scientific(string sign, string digits, int exponent) =>
        $"{sign}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent.ToString(CultureInfo.InvariantCulture)}";

    // The shortest digits that read back as the number: d.ddd × 10^exponent, without the point.
    private static (string Sign, string Digits, int Exponent) Shortest(string text)
    {
        var sign = text.StartsWith('-') ? "-" : "";
        text = text[sign.Length..];
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = e < 0 ? 0 : int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa : mantissa[..point];
        var digits = whole + (point < 0 ? "" : mantissa[(point + 1)..]);
        exponent += whole.Length - 1;
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits.TrimStart('0').TrimEnd('0');
        return (sign, digits.Length == 0 ? "0" : digits, exponent - leading);
    }
}
