package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.config.ConfigFile;
import io.jenkins.plugins.distributedtest.config.ConfigTemplate;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code distributed-test init}: writes a configuration for a project, which it has tried. */
@Command(
        name = "init",
        description =
                "Writes a commented distributed-test.json for this project, by the test frameworks it finds, after"
                        + " it has run some files of each on this machine. Needs no broker and no listener.")
final class InitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption help;

    @Option(
            names = {"-C", "--directory"},
            paramLabel = "DIR",
            description = "The project's directory (default: the current one).")
    private Path directory = Path.of("");

    @Option(names = "--force", description = "Overwrite a file that is there.")
    private boolean force;

    @Option(
            names = "--untried",
            description =
                    "Write it without having run anything, as where the project's tests run on other machines only.")
    private boolean untried;

    InitCommand() {}

    @Override
    public Integer call() throws Exception {
        Path project = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(project)) {
            throw new CliException("Not a directory: " + project);
        }
        Path target = project.resolve(ConfigFile.OURS.fileName());
        if (Files.exists(target) && !force) {
            throw new CliException(target + " is there already. --force overwrites it.");
        }
        ProposedConfiguration plan = new ProposedConfiguration(new ProjectProbe(project), !untried);
        if (plan.frameworks().isEmpty()) {
            throw new CliException(
                    "No test framework was found in " + project + ", so nothing was written. Looked for: "
                            + "*_spec.rb (RSpec), *_test.rb and test_*.rb (Minitest, test-unit), test_*.py and *_test.py (pytest,"
                            + " unittest), *.test.js and the like (node:test, Jest, Vitest, mocha, AVA, Playwright), *_test.go (Go), classes"
                            + " called *Test, *Tests, *TestCase or Test* below src/test (JUnit). If your tests are called otherwise, write "
                            + ConfigFile.OURS.fileName()
                            + " yourself: {\"files\": [\"checks/**/*.sh\"], \"runners\": {\"command\":"
                            + " [\"sh\", \"{file}\"]}}");
        }
        String text = ConfigTemplate.of(heading(), plan.values());
        if (!untried && !isTried(project, text)) {
            return ExitCode.CANCELLED;
        }
        Files.writeString(target, text);
        report(plan, target, Files.exists(project.resolve(ConfigFile.GORGON.fileName())));
        return ExitCode.OK;
    }

    /** Runs some files of each framework; false if somebody cancelled that. */
    private boolean isTried(Path project, String text) throws Exception {
        Logging.toConsole(Level.SEVERE);
        print("Trying some files of each framework on this machine ...");
        Thread main = Thread.currentThread();
        Interrupts interrupts = Interrupts.handle(main::interrupt, LocalRuns.END_LIMIT, ExitCode.CANCELLED, false);
        List<Trial.Tried> tried;
        try {
            tried = new Trial(project, text).run();
        } catch (InterruptedException e) {
            if (!interrupts.happened()) {
                throw e;
            }
            print("Cancelled. Nothing was written.");
            return false;
        } catch (Exception e) {
            throw refusal(List.of(Failures.message(e)));
        }
        tried.stream().filter(Trial.Tried::works).forEach(each -> print("It works: " + each.told()));
        List<String> bad = tried.stream()
                .filter(each -> !each.works())
                .map(Trial.Tried::told)
                .toList();
        if (!bad.isEmpty()) {
            throw refusal(bad);
        }
        return true;
    }

    private static CliException refusal(List<String> reasons) {
        return new CliException("Nothing was written, since what was found does not run here:\n  "
                + String.join("\n  ", reasons)
                + "\nMend that and try again (docs/troubleshooting.md), or write it all the same: --untried");
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    private static List<String> heading() {
        return List.of(
                "Configuration of distributed-test for this project. Comments and trailing commas are allowed.",
                "Keys that are not here have their defaults; gorgon.json is read too, if there is one,"
                        + " and this file wins.");
    }

    private void report(ProposedConfiguration plan, Path target, boolean gorgon) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Wrote " + target);
        out.println("Found: " + String.join(", ", plan.frameworks()));
        plan.hints().forEach(hint -> out.println("Note: " + hint));
        if (gorgon) {
            out.println("Note: gorgon.json is still read; \"files\" is now the one in distributed-test.json.");
        }
        out.println("Next:");
        out.println("  1. Add .distributed-test/ to .gitignore: runtimes and failures are recorded there.");
        out.println("  2. On this machine alone:                     distributed-test run --local");
        out.println("     On several:");
        out.println("  3. Start a broker, unless you have one:       distributed-test broker");
        out.println("  4. On each machine that shall run tests:      distributed-test listen");
        out.println("  5. Here:                                      distributed-test run");
        out.println("Each of them finds the broker by the environment variable DISTRIBUTED_TEST_BROKER.");
        out.flush();
    }
}
