package hudson.cli;

public abstract class CLICommand implements hudson.ExtensionPoint {
    public CLICommand() {}
}

// stub: hudson.cli.CLICommand
