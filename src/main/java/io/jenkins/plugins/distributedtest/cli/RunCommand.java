package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.session.ProjectRun;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
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

    @Option(
            names = "--local",
            arity = "0..1",
            parameterConsumer = SlotCount.class,
            paramLabel = "N",
            description =
                    "Run on N slots of this machine (default: one per processor) beside whatever listeners answer;"
                            + " with a broker of its own where none is configured or the configured one is away.")
    private String local;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Run RSpec's examples in the order that comes from this number, as a failure names it.")
    private Integer seed;

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
        if (local != null && !local.isEmpty()) {
            configuration.override("worker_slots", local, "--local");
        }
        if (seed != null) {
            List<String> args =
                    new ArrayList<>(configuration.listMap("runners.args").getOrDefault("rspec", List.of()));
            args.addAll(List.of("--seed", seed.toString()));
            configuration.override("runners.args.rspec", Json.PLAIN.writeValueAsString(args), "--seed");
        }
        RunConfiguration run = RunConfiguration.from(configuration);
        startLog(run);
        ProjectRun read = read(configuration, run);
        if (read.files().isEmpty()) {
            read.warnings().forEach(warning -> out().println("Warning: " + warning));
            out().println(suites.nothing(run));
            out().flush();
            return ExitCode.OK;
        }
        Console console = new Console(out(), isTerminal(), color);
        RerunCommand rerun =
                RerunCommand.ofPrefix(OwnProgram.name() + " run" + here() + project.repeated() + options.repeated());
        RunSession.RunTexts texts = new RunSession.RunTexts(OwnProgram.name(), rerun, !noProgress);
        boolean here = local != null || configuration.text("fallback").equals("local");
        RunSession.Slots slots = here ? say -> LocalSlots.of(configuration, local != null, say) : RunSession.Slots.NONE;
        return new RunSession(run, read, console, texts, slots).run(owned);
    }

    private String here() {
        return local == null ? "" : (" --local " + local).stripTrailing();
    }

    private void startLog(RunConfiguration run) throws CliException {
        if (run.logFile() != null) {
            Logging.toFile(run.logFile(), project.level(Level.INFO));
        } else {
            // What matters to the user is told as events of the run.
            Logging.toConsole(project.level(Level.SEVERE));
        }
    }

    private ProjectRun read(Configuration configuration, RunConfiguration run)
            throws ConfigException, SuiteException, RunnerException, IOException {
        PrintWriter err = spec.commandLine().getErr();
        ProjectRun read = ProjectRun.read(configuration, run, suites);
        read.warnings().forEach(warning -> err.println("Warning: " + warning));
        err.flush();
        return read;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private static boolean isTerminal() {
        return Console.isTerminal();
    }
}
