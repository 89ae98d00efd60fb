package io.jenkins.plugins.distributedtest.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    /** By their names, in the order of the help. */
    private static final Map<String, Class<?>> COMMANDS = commands();

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
        System.exit(commandLine(needed(args))
                .setOut(utf8(FileDescriptor.out))
                .setErr(utf8(FileDescriptor.err))
                .execute(args));
    }

    /** Test names and messages are any text; a build server's locale is often one that has ASCII only. */
    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8));
    }

    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("run", RunCommand.class);
        commands.put("plan", PlanCommand.class);
        commands.put("compare", CompareCommand.class);
        commands.put("listen", ListenCommand.class);
        commands.put("ping", PingCommand.class);
        commands.put("init", InitCommand.class);
        commands.put("broker", BrokerCommand.class);
        commands.put("install-listener", InstallListenerCommand.class);
        commands.put("install-executor", InstallExecutorCommand.class);
        commands.put("start-rsync", StartRsyncCommand.class);
        commands.put("stop-rsync", StopRsyncCommand.class);
        commands.put("gearman", GearmanCommand.class);
        commands.put("demo", DemoCommand.class);
        commands.put("warm-up", WarmUpCommand.class);
        return commands;
    }

    /** The whole program. */
    static CommandLine commandLine() {
        return commandLine(COMMANDS.values());
    }

    /**
     * The commands that a call can be of: reading the options of all of them takes some 0.05 s. The version needs
     * none; whatever does not begin with a command's name gets all, for the help and for what was mistyped.
     */
    private static Collection<Class<?>> needed(String[] args) {
        String first = args.length == 0 ? "" : args[0];
        if (first.equals("--version") || first.equals("-V")) {
            return List.of();
        }
        Class<?> named = COMMANDS.get(first);
        return named == null ? COMMANDS.values() : List.of(named);
    }

    private static CommandLine commandLine(Collection<Class<?>> commands) {
        CommandLine commandLine = new CommandLine(new Main());
        commands.forEach(commandLine::addSubcommand);
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
