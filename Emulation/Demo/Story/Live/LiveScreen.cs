using Spectre.Console;
using Spectre.Console.Rendering;

namespace NetServ.Demo.Story.Live;

/// <summary>The terminal's second screen, from <see cref="Enter"/> to <see cref="Leave"/>; what was on it before comes back.</summary>
internal sealed class LiveScreen(IAnsiConsole console)
{
    private const string EnterCodes = "\e[?1049h\e[?25l";
    private const string LeaveCodes = "\e[0m\e[?25h\e[?1049l";
    private const string Home = "\e[H";
    private const string EraseAll = "\e[2J";

    private readonly Lock _gate = new();
    private (int Width, int Height) _shown;
    private bool _entered;

    /// <summary>Columns and rows of the terminal, as they are now.</summary>
    public (int Width, int Height) Size => (console.Profile.Width, console.Profile.Height);

    /// <summary>Goes to the second screen and hides the cursor.</summary>
    public void Enter()
    {
        lock (_gate)
        {
            (_entered, _shown) = (true, default);
            Send(EnterCodes);
        }
    }

    /// <summary>Shows a picture in place of the one before; nothing before <see cref="Enter"/> or after <see cref="Leave"/>.</summary>
    public void Show(Screen picture)
    {
        lock (_gate)
        {
            if (!_entered)
                return;
            // Another size may have left parts of an older picture anywhere.
            Send((picture.Width, picture.Height) == _shown ? Home : EraseAll + Home, picture);
            _shown = (picture.Width, picture.Height);
        }
    }

    /// <summary>Goes back, and shows the cursor again.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (!_entered)
                return;
            _entered = false;
            Send(LeaveCodes);
        }
    }

    /// <summary>One write a picture, so that none is seen half.</summary>
    private void Send(string codes, IRenderable? picture = null)
    {
        console.Write(new ControlCode(codes));
        if (picture is not null)
            console.Write(picture);
        console.Profile.Out.Writer.Flush();
    }
}
