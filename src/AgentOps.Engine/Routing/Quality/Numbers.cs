namespace AgentOps.Engine.Routing.Quality;

/// <summary>Rows of numbers in a file, little-endian.</summary>
internal static class Numbers
{
    /// <summary>Writes numbers, without their count.</summary>
    public static void Write(BinaryWriter writer, ReadOnlySpan<float> numbers)
    {
        foreach (var number in numbers)
        {
            writer.Write(number);
        }
    }

    /// <summary>Writes numbers, without their count.</summary>
    public static void Write(BinaryWriter writer, ReadOnlySpan<double> numbers)
    {
        foreach (var number in numbers)
        {
            writer.Write(number);
        }
    }

    /// <summary>Reads so many numbers.</summary>
    /// <exception cref="InvalidDataException">One is not finite.</exception>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public static float[] ReadSingles(BinaryReader reader, int count)
    {
        var numbers = new float[count];
        for (var place = 0; place < count; place++)
        {
            numbers[place] = reader.ReadSingle();
        }

        return Array.TrueForAll(numbers, float.IsFinite) ? numbers : throw new InvalidDataException("a number in it is not finite");
    }

    /// <summary>Reads so many numbers.</summary>
    /// <exception cref="InvalidDataException">One is not finite.</exception>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public static double[] ReadDoubles(BinaryReader reader, int count)
    {
        var numbers = new double[count];
        for (var place = 0; place < count; place++)
        {
            numbers[place] = reader.ReadDouble();
        }

        return Array.TrueForAll(numbers, double.IsFinite) ? numbers : throw new InvalidDataException("a number in it is not finite");
    }

    /// <summary>Reads a count.</summary>
    /// <exception cref="InvalidDataException">It is below zero, or too large.</exception>
    public static int ReadCount(BinaryReader reader, int most)
    {
        var count = reader.ReadInt32();
        return count >= 0 && count <= most ? count : throw new InvalidDataException($"a count in it is not between 0 and {most}");
    }
}
