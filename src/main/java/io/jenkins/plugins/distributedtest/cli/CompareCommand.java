package io.jenkins.plugins.distributedtest.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.compare.CommandWords;
import io.jenkins.plugins.distributedtest.compare.Comparer;
import io.jenkins.plugins.distributedtest.compare.Comparison;
import io.jenkins.plugins.distributedtest.compare.ComparisonJson;
import io.jenkins.plugins.distributedtest.compare.ComparisonText;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.ListenerConfiguration;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.files.AtomicFile;
import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.session.ProjectRun;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code distributed-test compare}: our run beside the project's own command. */
@Command(
        name = "compare",
        description =
                "Runs the suite by the project's own command (rspec, pytest, mvn verify, ...) and as a run does, on"
                        + " this machine alone, and shows cases, outcomes and times side by side, with what explains each"
                        + " difference. Needs no broker and no listener.",
        footer = {
            "",
            "Exit codes: 0 both sides are equal, 4 they differ, 2 the sources could not be synced, 3 any other error,",
            "130 cancelled."
        })
final class CompareCommand implements Callable<Integer> {
    /** An own command that takes longer is taken to hang, unless run_timeout says otherwise. */
    private static final Duration LIMIT = Duration.ofHours(6);

    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption help;

    @Mixin
    private ProjectOptions project;

    @Mixin
    private Suites suites;

    @Option(names = "--slots", paramLabel = "N", description = "How many files at a time (default: one per processor).")
    private String slots;

    @Option(
            names = "--command",
            paramLabel = "COMMAND",
            description = "Run this in place of the known command: words, or a JSON list. No shell is involved. Needs"
                    + " --reports.")
    private String command;

    @Option(
            names = "--reports",
            paramLabel = "GLOB",
            description = "The JUnit XML reports that --command writes. Can be repeated.")
    private List<String> reports = new ArrayList<>();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the comparison as JSON.")
    private Path json;

    @Option(names = "--owned", hidden = true, description = Interrupts.OWNED)
    private boolean owned;

    private volatile Comparer comparer;

    CompareCommand() {}

    @Override
    public Integer call() throws Exception {
        Comparer.Given given = given();
        Configuration configuration = configure();
        RunConfiguration run = RunConfiguration.from(configuration);
        Logging.toConsole(project.level(Level.SEVERE));
        ProjectRun read = ProjectRun.read(configuration, run, suites);
        PrintWriter err = spec.commandLine().getErr();
        read.warnings().forEach(warning -> err.println("Warning: " + warning));
        err.flush();
        if (read.files().isEmpty()) {
            print(suites.nothing(run));
            return ExitCode.OK;
        }
        Thread main = Thread.currentThread();
        Interrupts interrupts =
                Interrupts.handle(main::interrupt, LocalRuns.END_LIMIT, ExitCode.CANCELLED, owned, this::killOwn);
        try {
            return compare(configuration, run, read, given);
        } catch (InterruptedException e) {
            if (!interrupts.happened()) {
                throw e;
            }
            print("Cancelled.");
            return ExitCode.CANCELLED;
        }
    }

    private Configuration configure() throws Exception {
        Configuration configuration = project.load(Configuration.Role.ORIGINATOR);
        // Each file is to run once, all of them, from the same tree.
        configuration.override("retries", "0", "compare");
        configuration.override("fail_fast", "0", "compare");
        configuration.override("protocol", "native", "compare");
        configuration.override("job.sync.kind", "content", "compare");
        if (slots != null) {
            configuration.override("worker_slots", slots, "--slots");
        }
        return configuration;
    }

    private Comparer.Given given() throws CliException {
        if ((command == null) != reports.isEmpty()) {
            throw new CliException("--command and --reports go together");
        }
        if (command == null) {
            return null;
        }
        List<String> words = command.strip().startsWith("[") ? listed(command) : CommandWords.of(command);
        if (words == null || words.isEmpty()) {
            throw new CliException(
                    "--command takes the words of a command, such as 'bundle exec rspec', or a JSON list of"
                            + " them, not: " + command);
        }
        return new Comparer.Given(words, reports);
    }

    private static List<String> listed(String text) {
        try {
            JsonNode list = Json.PLAIN.readTree(text);
            List<String> words = new ArrayList<>();
            for (JsonNode word : list) {
                if (!word.isTextual()) {
                    return null;
                }
                words.add(word.asText());
            }
            return words;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private int compare(Configuration configuration, RunConfiguration run, ProjectRun read, Comparer.Given given)
            throws Exception {
        Set<Path> pipes = json == null ? Set.of() : AtomicFile.pipes(List.of(json.toAbsolutePath()));
        Path scratch = Files.createTempDirectory("distributed-test-compare-");
        try (LocalRuns runs = new LocalRuns(
                run, read, ListenerConfiguration.from(configuration).settings())) {
            Duration limit = read.settings().runTimeout();
            Comparer.Suite suite = new Comparer.Suite(
                    run.directory(),
                    read.settings().runners(),
                    read.settings().environment(),
                    read.files(),
                    suites.named(),
                    given,
                    limit == null ? LIMIT : limit);
            comparer = new Comparer(suite, runs, scratch, this::print);
            Comparison comparison = comparer.compare();
            print(ComparisonText.of(comparison));
            if (json != null) {
                AtomicFile.write(json.toAbsolutePath(), out -> ComparisonJson.write(comparison, out), pipes);
                print("JSON: " + json);
            }
            return comparison.isEqual() ? ExitCode.OK : ExitCode.DIFFERENT;
        } finally {
            DirectoryTree.delete(scratch);
        }
    }

    private void killOwn() {
        Comparer comparing = comparer;
        if (comparing != null) {
            comparing.kill();
        }
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
