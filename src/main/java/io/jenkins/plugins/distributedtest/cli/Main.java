package io.jenkins.plugins.distributedtest.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The program {@code distributed-test}. */
@Command(
        name = "distributed-test",
        description = "Shards a test suite over listeners.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            RunCommand.class,
            PlanCommand.class,
            CompareCommand.class,
            ListenCommand.class,
            PingCommand.class,
            InitCommand.class,
            BrokerCommand.class,
            InstallListenerCommand.class,
            InstallExecutorCommand.class,
            StartRsyncCommand.class,
            StopRsyncCommand.class,
            GearmanCommand.class,
            DemoCommand.class,
            WarmUpCommand.class,
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all tests passed, or the command did what it was asked to",
            "1:tests failed",
            "2:the sources could not be offered to listeners",
            "3:any other error: usage, configuration, no broker, no listener, a timeout of the run",
            "4:compare: the two sides differ",
            "130:cancelled by Ctrl-C or SIGTERM"
        })
public final class Main implements Runnable, Program {
    private static final String PARALLELISM = "java.util.concurrent.ForkJoinPool.common.parallelism";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    Main() {}

    /** Runs a command and exits. */
    public static void main(String[] args) {
        // With two processors the platform would make a thread for each end of a process that is told.
        if (System.getProperty(PARALLELISM) == null) {
            System.setProperty(
                    PARALLELISM,
                    Integer.toString(Math.max(2, Runtime.getRuntime().availableProcessors() - 1)));
        }
        // Exiting by hand: a command is over when it says so, whatever threads libraries have left behind.
        System.exit(commandLine()
                .setOut(utf8(FileDescriptor.out))
                .setErr(utf8(FileDescriptor.err))
                .execute(args));
    }

    /** Test names and messages are any text; a build server's locale is often one that has ASCII only. */
    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8));
    }

    /** The commands, for {@link #main} and tests. */
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpAutoWidth(false);
        commandLine.setUsageHelpWidth(100);
        commandLine.setParameterExceptionHandler(Main::explainUsage);
        commandLine.setExecutionExceptionHandler(Main::explainFailure);
        return commandLine;
    }

    @Override
    public CommandLine newCommandLine() {
        return commandLine();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing");
    }

    private static int explainUsage(ParameterException error, String[] args) {
        CommandLine commandLine = error.getCommandLine();
        PrintWriter err = commandLine.getErr();
        err.println(error.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(error, err);
        err.println("Try '" + commandLine.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return ExitCode.ERROR;
    }

    private static int explainFailure(Exception error, CommandLine commandLine, ParseResult parsed) {
        return Failures.explain(error, commandLine.getErr());
    }
}
