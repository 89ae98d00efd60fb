package io.jenkins.plugins.distributedtest.zuul.publish;

import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.zuul.exec.ProcessContext;
import io.jenkins.plugins.distributedtest.zuul.exec.ProcessExit;
import io.jenkins.plugins.distributedtest.zuul.exec.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Copies logs to another host with rsync or scp over ssh. What is copied is laid out here as it is to be there, so that
 * both programs make the directories on the way, and no path of a job is ever read by a shell of the other host.
 */
final class SshPublisher implements Publisher {
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private final PublishSettings.Ssh settings;
    private final PublishSettings.Remote remote;
    private final Processes processes;

    SshPublisher(PublishSettings.Ssh settings, Processes processes) {
        this.settings = settings;
        remote = settings.remote();
        this.processes = processes;
    }

    @Override
    public CompletableFuture<Void> publish(Path directory, List<Path> files, String logPath, ProcessContext context) {
        Path outgoing = context.scratch().resolve("outgoing");
        return processes
                .pool()
                .submit(() -> {
                    for (Path file : files) {
                        Path to = outgoing.resolve(logPath).resolve(file);
                        Files.createDirectories(to.getParent());
                        link(directory.resolve(file), to);
                    }
                    return null;
                })
                .thenCompose(ready -> processes.run(spec(outgoing, logPath), context.quiet(), LIMIT))
                .thenAccept(this::orFail);
    }

    private static void link(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(from, to, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private void orFail(ProcessExit ending) {
        if (!ending.ok()) {
            throw new PublishException(settings.program() + " to " + remote.host() + " failed ("
                    + (ending.timedOut() ? "timed out" : "exit code " + ending.exitCode()) + "): " + ending.lastLine());
        }
    }

    private ProcessSpec spec(Path outgoing, String logPath) {
        String target = (remote.user() == null ? "" : remote.user() + "@") + remote.host() + ":"
                + (settings.path().endsWith("/") ? settings.path() : settings.path() + "/");
        List<String> command = new ArrayList<>();
        if (settings.program().equals("rsync")) {
            command.addAll(List.of("rsync", "-rt", "--protect-args", "-e", remoteShell(), "--", "./", target));
        } else {
            // Without -q, which keeps to itself why ssh does not connect; a progress meter is for terminals only.
            command.addAll(List.of("scp", "-r", "-p"));
            command.addAll(sshOptions());
            if (remote.port() != 0) {
                command.addAll(List.of("-P", Integer.toString(remote.port())));
            }
            command.addAll(List.of("--", "./" + logPath.split("/")[0], target));
        }
        return ProcessSpec.of(command).directory(outgoing);
    }

    /** For rsync, which splits it at blanks; quoted where a file's name has some. */
    private String remoteShell() {
        List<String> words = new ArrayList<>(List.of("ssh"));
        words.addAll(sshOptions());
        if (remote.port() != 0) {
            words.addAll(List.of("-p", Integer.toString(remote.port())));
        }
        return String.join(
                " ",
                words.stream().map(word -> "'" + word.replace("'", "''") + "'").toList());
    }

    private List<String> sshOptions() {
        List<String> options = new ArrayList<>();
        if (remote.configFile() != null) {
            options.addAll(List.of("-F", remote.configFile().toString()));
        }
        if (remote.keyFile() != null) {
            options.addAll(List.of("-i", remote.keyFile().toString(), "-o", "IdentitiesOnly=yes"));
        }
        options.addAll(List.of("-o", "BatchMode=yes", "-o", "ConnectTimeout=15"));
        return options;
    }
}
