package io.jenkins.plugins.distributedtest.zuul.publish;

import io.jenkins.plugins.distributedtest.zuul.exec.ProcessContext;
import io.jenkins.plugins.distributedtest.zuul.exec.Processes;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Publishes a job's logs. */
public interface Publisher {
    /**
     * Publishes files.
     *
     * @param directory where they are
     * @param files their paths below it; regular files, none reached through a symbolic link
     * @param logPath where they go, a checked path
     * @param context of the task; nothing is logged
     * @return completes when all of them are there; exceptionally, with a message for people, when one is not
     */
    CompletableFuture<Void> publish(Path directory, List<Path> files, String logPath, ProcessContext context);

    /** Makes the publisher that the settings ask for. */
    static Publisher of(PublishSettings settings, Processes processes) {
        if (settings instanceof PublishSettings.Local local) {
            return new LocalPublisher(local, processes.pool());
        } else if (settings instanceof PublishSettings.Ssh ssh) {
            return new SshPublisher(ssh, processes);
        } else if (settings instanceof PublishSettings.S3 s3) {
            HttpSender sender = new HttpSender(processes);
            return new ObjectPublisher(new S3Store(s3, sender), processes);
        } else if (settings instanceof PublishSettings.Swift swift) {
            HttpSender sender = new HttpSender(processes);
            return new ObjectPublisher(new SwiftStore(swift, sender), processes);
        }
        return (directory, files, logPath, context) -> CompletableFuture.completedFuture(null);
    }
}
