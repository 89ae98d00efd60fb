package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.report.RunForecast;
import io.jenkins.plugins.distributedtest.session.ProjectRun;
import io.jenkins.plugins.distributedtest.suite.FileSizes;
import io.jenkins.plugins.distributedtest.suite.RuntimeEstimate;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code distributed-test plan}: what a run would take, from the records. */
@Command(
        name = "plan",
        description =
                "Tells how long the suite is expected to take on so many slots, the least that it can take, and the"
                        + " files that set it: from recorded runtimes, without running anything.",
        footer = {
            "",
            "Times are from the start of the first file to the end of the last, on slots that are all there from the",
            "beginning. Exit codes: 0 told, 3 any error, such as no recorded runtimes."
        })
final class PlanCommand implements Callable<Integer> {
    private static final int MOST_SLOTS = 10_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption help;

    @Mixin
    private ProjectOptions project;

    @Mixin
    private Suites suites;

    @Option(
            names = "--slots",
            split = ",",
            paramLabel = "N",
            defaultValue = "4,8,16",
            description = "For so many slots; several are separated by commas (default: ${DEFAULT-VALUE}).")
    private List<Integer> slots;

    @Option(names = "--runtimes", paramLabel = "FILE", description = "Recorded runtimes, in place of runtime_file.")
    private Path runtimes;

    PlanCommand() {}

    @Override
    public Integer call() throws Exception {
        for (int count : slots) {
            if (count < 1 || count > MOST_SLOTS) {
                throw new CliException("--slots takes whole numbers from 1 to " + MOST_SLOTS + ", not " + count);
            }
        }
        Configuration configuration = project.load(Configuration.Role.ORIGINATOR);
        RunConfiguration run = RunConfiguration.from(configuration);
        Logging.toConsole(project.level(Level.SEVERE));
        Path file = runtimes == null ? run.runtimeFile() : runtimes;
        RuntimeHistory history = RuntimeHistory.read(file);
        if (history.size() == 0) {
            throw unrecorded(file); // before a build is asked for its tests, which can take minutes
        }
        ProjectRun read = ProjectRun.read(configuration, run, suites);
        PrintWriter err = spec.commandLine().getErr();
        read.warnings().forEach(warning -> err.println("Warning: " + warning));
        err.flush();
        PrintWriter out = spec.commandLine().getOut();
        if (read.files().isEmpty()) {
            out.println(suites.nothing(run));
        } else {
            if (history.expected(read.files()).isEmpty()) {
                throw unrecorded(file);
            }
            forecast(run, read, history).lines().forEach(out::println);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static CliException unrecorded(Path file) {
        return new CliException("No runtimes of these files are recorded in " + file
                + ". Run the suite once, or name a file of recorded runtimes with --runtimes");
    }

    private RunForecast forecast(RunConfiguration run, ProjectRun read, RuntimeHistory history) {
        FileSizes sizes = FileSizes.in(run.directory());
        RuntimeEstimate estimate = history.estimate(read.files(), sizes);
        return RunForecast.of(
                read.ordered(history, sizes),
                estimate,
                slots,
                run.settings().groups().of(read.files()));
    }
}
