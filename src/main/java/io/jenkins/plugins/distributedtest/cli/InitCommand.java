package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.config.ConfigFile;
import io.jenkins.plugins.distributedtest.config.ConfigTemplate;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code distributed-test init}: writes a configuration for a project. */
@Command(
        name = "init",
        description = "Writes a commented distributed-test.json for this project, by the test frameworks it finds.")
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

    InitCommand() {}

    @Override
    public Integer call() throws IOException, CliException {
        Path project = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(project)) {
            throw new CliException("Not a directory: " + project);
        }
        Path target = project.resolve(ConfigFile.OURS.fileName());
        if (Files.exists(target) && !force) {
            throw new CliException(target + " is there already. --force overwrites it.");
        }
        ProposedConfiguration plan = new ProposedConfiguration(new ProjectProbe(project));
        if (plan.frameworks().isEmpty()) {
            throw new CliException(
                    "No test framework was found in " + project + ", so nothing was written. Looked for: "
                            + "*_spec.rb (RSpec), *_test.rb and test_*.rb (Minitest, test-unit), test_*.py and *_test.py (pytest,"
                            + " unittest), *.test.js and the like (node:test, Jest, Vitest, mocha), classes called *Test, *Tests,"
                            + " *TestCase or Test* below src/test (JUnit). If your tests are called otherwise, write "
                            + ConfigFile.OURS.fileName()
                            + " yourself: {\"files\": [\"checks/**/*.sh\"], \"runners\": {\"command\":"
                            + " [\"sh\", \"{file}\"]}}");
        }
        Files.writeString(target, ConfigTemplate.of(heading(), plan.values()));
        report(plan, target, Files.exists(project.resolve(ConfigFile.GORGON.fileName())));
        return ExitCode.OK;
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
