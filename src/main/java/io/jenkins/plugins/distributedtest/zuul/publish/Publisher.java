package io.jenkins.plugins.distributedtest.zuul.publish;

import io.jenkins.plugins.distributedtest.zuul.exec.Executions;
import io.jenkins.plugins.distributedtest.zuul.exec.Stopper;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Brings a job's logs to where people read them. */
public interface Publisher {
    /**
     * Publishes files.
     *
     * @param directory where they are
     * @param files their paths below it; regular files, none reached through a symbolic link
     * @param logPath where they go, a checked path
     * @param job for whom
     * @return completes when all of them are there; exceptionally, with a message for people, when one is not
     */
    CompletableFuture<Void> publish(Path directory, List<Path> files, String logPath, Job job);

    /**
     * For whom something is published.
     *
     * @param scratch an existing directory for files on the way
     * @param marker marks the job's processes
     * @param stopper kills them when the job is stopped
     */
    record Job(Path scratch, String marker, Stopper stopper) {}

    /** Makes the publisher that the settings ask for. */
    static Publisher of(PublishSettings settings, Executions executions) {
        if (settings instanceof PublishSettings.Local local) {
            return new LocalPublisher(local, executions.pool());
        } else if (settings instanceof PublishSettings.Ssh ssh) {
            return new SshPublisher(ssh, executions);
        } else if (settings instanceof PublishSettings.S3 s3) {
            HttpSender sender = new HttpSender(executions);
            return new ObjectPublisher(new S3Store(s3, sender), executions);
        } else if (settings instanceof PublishSettings.Swift swift) {
            HttpSender sender = new HttpSender(executions);
            return new ObjectPublisher(new SwiftStore(swift, sender), executions);
        }
        return (directory, files, logPath, job) -> CompletableFuture.completedFuture(null);
    }
}
