package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.sync.RsyncDaemon;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code distributed-test stop-rsync}: ends what {@link StartRsyncCommand} started. */
@Command(name = "stop-rsync", description = "Stops the rsync daemon that start-rsync started for a directory.")
final class StopRsyncCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption help;

    @Parameters(paramLabel = "DIR", description = "The directory given to start-rsync.")
    private Path directory;

    StopRsyncCommand() {}

    @Override
    public Integer call() throws CliException, InterruptedException {
        try {
            RsyncDaemon.of(directory, null).stop();
        } catch (SyncException e) {
            throw new CliException(e.getMessage());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("Stopped the rsync daemon of " + directory);
        out.flush();
        return ExitCode.OK;
    }
}
