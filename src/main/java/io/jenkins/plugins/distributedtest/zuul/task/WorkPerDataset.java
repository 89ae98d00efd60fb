package io.jenkins.plugins.distributedtest.zuul.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * The work of one task: done once, or once for each dataset, one after the other. What goes wrong with one dataset does
 * not keep the others from being tried. The timeout is for all of it.
 *
 * <p>Belongs to the backend's event loop.
 */
final class WorkPerDataset {
    private final TaskContext context;
    private final TaskKind kind;
    private final Function<Throwable, Outcome> explaining;
    private final long deadline;
    private final List<DatasetResult> results = new ArrayList<>();

    /**
     * Prepares the work; its time begins now.
     *
     * @param context what it has around it
     * @param kind does it
     * @param explaining what comes of the work in which something was thrown
     */
    WorkPerDataset(TaskContext context, TaskKind kind, Function<Throwable, Outcome> explaining) {
        this.context = context;
        this.kind = kind;
        this.explaining = explaining;
        deadline = System.nanoTime() + context.definition().timeout().toNanos();
    }

    /**
     * Does the work.
     *
     * @return completes when all of it is done; with a cancellation if the task was stopped
     */
    CompletableFuture<Void> start() {
        if (context.definition().datasets() == null) {
            return once(null);
        }
        return context.processes()
                .pool()
                .submit(() -> Dataset.of(
                        context.definition().datasets(), context.request().parameter("ZUUL_PROJECT")))
                .thenCompose(datasets -> {
                    CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
                    for (Dataset dataset : datasets) {
                        last = last.thenComposeAsync(
                                done -> once(dataset), context.processes().loop()::execute);
                    }
                    return last;
                });
    }

    /** What has come of the work so far, in order; grows while it is done. */
    List<DatasetResult> results() {
        return results;
    }

    private CompletableFuture<Void> once(Dataset dataset) {
        context.stopper().check();
        String name = dataset == null ? null : dataset.name();
        return outcome(dataset)
                .exceptionally(this::explained)
                .thenAcceptAsync(
                        outcome -> {
                            results.add(new DatasetResult(name, outcome));
                            context.log()
                                    .line((name == null ? "" : name + ": ")
                                            + (outcome.ok() ? "SUCCESS" : String.join("\n", outcome.problems())));
                        },
                        context.processes().loop()::execute);
    }

    private CompletableFuture<Outcome> outcome(Dataset dataset) {
        if (dataset != null && dataset.problem() != null) {
            return CompletableFuture.completedFuture(Outcome.noResult(dataset.problem(), 0));
        }
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (left.isNegative() || left.isZero()) {
            return CompletableFuture.completedFuture(Outcome.of(List.of("Not run: the job timed out before it"), 0));
        }
        return kind.run(context, dataset, left);
    }

    private Outcome explained(Throwable problem) {
        Throwable cause = TaskFaults.cause(problem);
        if (cause instanceof CancellationException) {
            throw new CompletionException(cause);
        }
        return explaining.apply(cause);
    }
}
