package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestSuite;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code distributed-test run}: the originator. */
@Command(
        name = "run",
        description = "Shards the suite of this directory over the listeners, waits, and reports.",
        footer = {
            "",
            "Ctrl-C cancels this run and no other; a second Ctrl-C leaves at once.",
            "Exit codes: 0 all passed, 1 failures, 2 the sources could not be synced, 3 any other error, 130 cancelled."
        })
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption help;

    @Mixin
    private ProjectOptions project;

    @Mixin
    private Suites suites;

    @Mixin
    private RunOptions options;

    @Option(names = "--no-progress", description = "Show failures and the end, but no counts on the way.")
    private boolean noProgress;

    @Option(names = "--owned", hidden = true, description = Interrupts.OWNED)
    private boolean owned;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "auto, always or never (default: ${DEFAULT-VALUE}).")
    private Console.Color color;

    RunCommand() {}

    @Override
    public Integer call() throws Exception {
        Configuration configuration = project.load(Configuration.Role.ORIGINATOR);
        options.apply(configuration);
        RunConfiguration run = RunConfiguration.from(configuration);
        startLog(run);
        TestSuite suite = findSuite(configuration, run);
        if (suite == null) {
            out().println("Nothing to rerun: " + run.failedFiles() + " names no file that is there.");
            out().flush();
            return ExitCode.OK;
        }
        Console console = new Console(out(), isTerminal(), color);
        RerunCommand rerun =
                RerunCommand.ofPrefix(OwnProgram.name() + " run" + project.repeated() + options.repeated());
        return new RunSession(run, suite, console, rerun, !noProgress).run(owned);
    }

    private void startLog(RunConfiguration run) throws CliException {
        if (run.logFile() != null) {
            Logging.toFile(run.logFile(), project.level(Level.INFO));
        } else {
            // What matters to the user is told as events of the run.
            Logging.toConsole(project.level(Level.SEVERE));
        }
    }

    private TestSuite findSuite(Configuration configuration, RunConfiguration run)
            throws CliException, ConfigException, SuiteException, IOException {
        PrintWriter err = spec.commandLine().getErr();
        configuration.warnings().forEach(warning -> err.println("Warning: " + warning));
        TestSuite suite = suites.find(configuration, run);
        if (suite != null) {
            suite.warnings().forEach(warning -> err.println("Warning: " + warning));
        }
        err.flush();
        return suite;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private static boolean isTerminal() {
        return Console.isTerminal();
    }
}
