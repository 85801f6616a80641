using System.Globalization;
using Spectre.Console;

namespace NetServ.Demo.Story.Live;

/// <summary>Draws a scene; the same scene at the same size is the same picture.</summary>
internal static class ScenePainter
{
    private const int LabelsFrom = 100;
    private const int LabelWidth = 14;

    /// <summary>Draws it.</summary>
    public static Screen Paint(Scene scene, int width, int height, Glyphs glyphs)
    {
        Screen screen = new(width, height, glyphs);
        int ports = Math.Max(PicturePainter.Hosts(scene.Readings).Count, PicturePainter.Nodes(scene.Readings).Count);
        SceneLayout layout = SceneLayout.Of(screen.Width, screen.Height, ports);
        DrawHeader(screen, scene);
        if (layout.Picture >= 0)
            new PicturePainter(screen, layout, scene).Draw();
        DrawSteps(screen, scene.Telling.Steps, layout.Steps, glyphs);
        DrawLines(screen, scene.Telling.Lines, layout.Log);
        return screen;
    }

    private static void DrawHeader(Screen screen, Scene scene)
    {
        int x = 1;
        foreach (StoryPart part in Enum.GetValues<StoryPart>())
        {
            bool now = part == scene.Telling.Part;
            string name = now ? $"[{Script.NameOf(part)}]" : Script.NameOf(part);
            screen.Put(x, 0, name, now ? Palette.Strong : part < scene.Telling.Part ? Style.Plain : Palette.Dim);
            x += name.Length + 2;
        }
        string elapsed = string.Create(CultureInfo.InvariantCulture, $"{scene.Elapsed.TotalSeconds:0.0} s");
        if (x + elapsed.Length < screen.Width)
            screen.PutRight(screen.Width - 2, 0, elapsed, Palette.Dim);
        screen.Put(1, 1, scene.Telling.Title, Palette.Strong, screen.Width - 2);
    }

    private static void DrawSteps(Screen screen, IReadOnlyList<StepView> steps, int top, Glyphs glyphs)
    {
        DrawHeading(screen, top, "steps of the paper's figure 16");
        foreach (StepView step in steps)
        {
            int y = top + step.Number;
            screen.Put(1, y, $"{glyphs.Of(step.State)} {step.Number}", Palette.Of(step.State));
            int x = 5;
            if (screen.Width >= LabelsFrom)
            {
                screen.Put(x, y, step.Label, Palette.If(step.State != StepState.ToCome, Palette.Strong));
                x += LabelWidth;
            }
            screen.Put(x, y, step.Text, Palette.If(step.State != StepState.ToCome, Style.Plain), screen.Width - x - 1);
        }
    }

    private static void DrawLines(Screen screen, IReadOnlyList<ToldLine> lines, int top)
    {
        DrawHeading(screen, top, "events");
        int y = top + 1;
        foreach (ToldLine line in lines.Skip(lines.Count - Math.Max(0, screen.Height - y)))
        {
            screen.PutRight(7, y, string.Create(CultureInfo.InvariantCulture, $"{line.At.TotalSeconds:0.00} s"), Palette.Dim);
            screen.Put(10, y, line.Text, line.OfController ? Style.Plain : Palette.Strong, screen.Width - 11);
            y++;
        }
    }

    private static void DrawHeading(Screen screen, int y, string text)
    {
        screen.Cable(y, 1, screen.Width - 2, lit: false, Palette.Dim);
        screen.Put(3, y, $" {text} ", Palette.Dim);
    }
}
