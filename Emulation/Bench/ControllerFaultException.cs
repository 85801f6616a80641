namespace NetServ.Bench;

/// <summary>The controller under measurement is not there, speaks something else, or leaves: nothing can be measured. The message is for people.</summary>
internal sealed class ControllerFaultException(string message) : Exception(message);
