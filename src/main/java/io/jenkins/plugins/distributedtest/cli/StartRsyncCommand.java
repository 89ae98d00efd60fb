package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.sync.RsyncDaemon;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code distributed-test start-rsync}: the rsync daemon of a file server. */
@Command(
        name = "start-rsync",
        description = "Starts the rsync daemon of a file server (job.sync.kind rsync), in the background.")
final class StartRsyncCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption help;

    @Parameters(paramLabel = "DIR", description = "The directory that is served, made when missing.")
    private Path directory;

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen at (default: ${DEFAULT-VALUE}, this host only).")
    private String address;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "43434",
            description = "Port (default: ${DEFAULT-VALUE}).")
    private int port;

    StartRsyncCommand() {}

    @Override
    public Integer call() throws CliException, IOException, InterruptedException {
        if (port < 1 || port > 65_535) {
            throw new CliException("--port must be from 1 to 65535, not " + port);
        }
        Files.createDirectories(directory);
        String source;
        try {
            source = RsyncDaemon.of(directory, null).start(address, port);
        } catch (SyncException e) {
            throw new CliException(e.getMessage());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("rsync serves " + directory + " as " + source);
        if (!isLoopback()) {
            out.println("Whoever reaches that address can read and write there: let only your listeners and originators"
                    + " through the firewall.");
        }
        out.println("Stop it with: distributed-test stop-rsync " + directory);
        out.flush();
        return ExitCode.OK;
    }

    private boolean isLoopback() throws UnknownHostException {
        return InetAddress.getByName(address).isLoopbackAddress();
    }
}
