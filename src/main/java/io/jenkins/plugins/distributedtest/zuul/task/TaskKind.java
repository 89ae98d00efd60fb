package io.jenkins.plugins.distributedtest.zuul.task;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A kind of work. */
interface TaskKind {
    /**
     * Does the work, once.
     *
     * @param context what it is done with
     * @param dataset for which dataset; null for none
     * @param limit how long it may take
     * @return what came of it; a cancellation if the job was stopped
     */
    CompletableFuture<Outcome> run(TaskContext context, Dataset dataset, Duration limit);
}
