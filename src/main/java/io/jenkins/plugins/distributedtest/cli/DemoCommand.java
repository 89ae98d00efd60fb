package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.process.OwnJvm;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code distributed-test demo}: everything at once, on a sample. */
@Command(
        name = "demo",
        description = "Starts a broker and two listeners with two slots each on this host, shards a sample project over"
                + " them, twice: the second time by the runtimes that the first recorded. Needs a JDK and Node.js; takes"
                + " pytest, RSpec and Minitest along where they are installed. Exit code 0 if exactly those files"
                + " failed that are meant to.")
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption help;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where the sample and its reports are put; must be empty or an earlier demo's (default: a new"
                    + " directory for temporary files).")
    private Path directory;

    DemoCommand() {}

    @Override
    public Integer call() throws Exception {
        Logging.toConsole(Level.SEVERE);
        Console console = new Console(spec.commandLine().getOut(), Console.isTerminal(), Console.Color.AUTO);
        DemoProject project = DemoProject.create(directory);
        try (DemoProcesses processes = new DemoProcesses(OwnProgram.of(spec).command(OwnJvm.BRIEF), project.logs())) {
            return new Demo(project, processes, console).run();
        }
    }
}
