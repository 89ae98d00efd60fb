package io.jenkins.plugins.distributedtest.jenkins.zuul;

import io.jenkins.plugins.distributedtest.jenkins.zuul.FunctionTable.Target;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.zuul.ZuulBackend;
import io.jenkins.plugins.distributedtest.zuul.ZuulReporter;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One build that Zuul asked for, from the request to its end.
 *
 * <p>The story. The build is put into Jenkins' queue, waits there, leaves it to start, runs, and ends; Jenkins
 * reports each step by its listeners, and no thread waits for any of them. A build that Jenkins does not accept, or
 * has not started {@linkplain BuildOrder.Limits#start in time}, is handed back to Zuul, which asks for it anew, perhaps elsewhere.
 *
 * <p>A stop works in every state. While it waits, it leaves the queue. While it starts, it is stopped as soon
 * as there is a build. While it runs, it is stopped, and more forcibly if it goes on all the same. A description that
 * comes early is kept until there is a build to describe.
 *
 * <p>All state belongs to one event loop; the public methods may be called from any thread.
 */
final class ZuulBuild implements ZuulBackend.Execution {
    private static final Logger LOG = LoggerFactory.getLogger(ZuulBuild.class);

    private final BuildOrder order;
    private final EventLoop loop;
    private final BuildPort port;
    private final ZuulReporter reporter;
    private final Consumer<ZuulBuild> onChange;

    // What is below belongs to the loop; the state may be read from anywhere.
    private volatile BuildState state = BuildState.NEW;
    private volatile BuildPort.Queued queued;
    private BuildPort.Running running;
    private String stopReason;
    private String description;
    private int stops;
    private boolean nodeTold;
    private volatile long startedNanos;

    /**
     * Makes a build; {@link #begin} or {@link #adopt} begins it.
     *
     * @param order what is to be built
     * @param loop owns its state
     * @param port Jenkins
     * @param onChange called on the loop whenever the state has changed
     */
    ZuulBuild(BuildOrder order, EventLoop loop, BuildPort port, Consumer<ZuulBuild> onChange) {
        this.order = order;
        this.loop = loop;
        this.port = port;
        reporter = order.reporter();
        this.onChange = onChange;
    }

    /** Asks Jenkins to build. */
    void begin() {
        loop.execute(this::schedule);
    }

    /** Takes over a build that runs already: one that went on while Jenkins restarted. */
    void adopt(BuildPort.Running build) {
        loop.execute(() -> runs(build));
    }

    String token() {
        return order.token();
    }

    ZuulRequest request() {
        return order.request();
    }

    Target target() {
        return order.target();
    }

    BuildState state() {
        return state;
    }

    /** For how long the build has been running; 0 before it does. */
    Duration running() {
        return state == BuildState.RUNNING ? Duration.ofNanos(System.nanoTime() - startedNanos) : Duration.ZERO;
    }

    // ---- what Zuul asks for

    @Override
    public void stop(String reason) {
        loop.execute(() -> {
            if (state == BuildState.OVER || stopReason != null) {
                return;
            }
            stopReason = reason;
            if (state == BuildState.WAITING) {
                cancel();
            } else if (state == BuildState.RUNNING) {
                stopRunning();
            }
        });
    }

    @Override
    public void describe(String html) {
        loop.execute(() -> {
            description = html;
            if (state == BuildState.RUNNING) {
                running.describe(html);
            }
        });
    }

    // ---- what Jenkins reports

    /** The item has left the queue. */
    void left(boolean cancelled) {
        loop.execute(() -> {
            if (state != BuildState.WAITING && state != BuildState.NEW) {
                return;
            }
            if (cancelled) {
                over(() -> reporter.finished("ABORTED"));
            } else {
                state(BuildState.STARTING);
            }
        });
    }

    /** The build has started. */
    void started(BuildPort.Running build) {
        loop.execute(() -> {
            if (state == BuildState.OVER) {
                build.stop(0, stopReason == null ? "Zuul does not wait for it any more" : stopReason);
            } else if (state != BuildState.RUNNING) {
                runs(build);
            }
        });
    }

    /**
     * The build has ended.
     *
     * @param result Jenkins' word for how
     */
    void ended(String result) {
        loop.execute(() -> {
            if (state == BuildState.RUNNING && running != null) {
                tellNode();
            }
            over(() -> reporter.finished(stopReason == null ? result : "ABORTED"));
        });
    }

    /** Looks whether the build was lost between queue and start; called now and then. */
    void check() {
        loop.execute(() -> {
            BuildPort.Queued item = queued;
            if (isBeforeStart() && item != null && item.isLost()) {
                // What Jenkins told before it was lost is on its way through the loop.
                loop.execute(() -> {
                    if (isBeforeStart()) {
                        giveBack("Jenkins took it out of its queue and could not start it");
                    }
                });
            }
        });
    }

    private boolean isBeforeStart() {
        return state == BuildState.WAITING || state == BuildState.STARTING;
    }

    // ---- steps

    private void schedule() {
        if (state != BuildState.NEW) {
            return;
        }
        if (stopReason != null) {
            over(() -> reporter.finished("ABORTED"));
            return;
        }
        try {
            queued = port.schedule(this);
        } catch (BuildPort.RefusedException | RuntimeException | LinkageError e) {
            LOG.warn("Jenkins does not accept the build of {}", order, e);
            over(() -> reporter.retry("Jenkins does not accept it: " + e.getMessage()));
            return;
        }
        if (state == BuildState.NEW) { // it may have started meanwhile
            state(BuildState.WAITING);
        }
        if (order.limits().start().toNanos() > 0) {
            loop.schedule(order.limits().start(), () -> tooLate(true));
        }
        if (stopReason != null) {
            cancel();
        }
    }

    private void cancel() {
        if (queued.cancel()) {
            over(() -> reporter.finished("ABORTED"));
        } else if (state == BuildState.WAITING) {
            state(BuildState.STARTING);
        }
    }

    private void tooLate(boolean first) {
        if (!isBeforeStart()) {
            return;
        }
        if (!queued.cancel() && first) {
            // It has just left the queue: it gets the time once more, to start.
            loop.schedule(order.limits().start(), () -> tooLate(false));
            return;
        }
        giveBack("Jenkins did not start it within " + order.limits().start().toSeconds() + " s");
    }

    private void giveBack(String reason) {
        if (stopReason != null) {
            over(() -> reporter.finished("ABORTED"));
        } else {
            over(() -> reporter.retry(reason));
        }
    }

    private void runs(BuildPort.Running build) {
        running = build;
        startedNanos = System.nanoTime();
        state(BuildState.RUNNING);
        reporter.url(build.url());
        tellNode();
        if (build.estimatedMillis() > 0) {
            reporter.progress(0, build.estimatedMillis());
        }
        if (description != null) {
            build.describe(description);
        }
        if (stopReason != null) {
            stopRunning();
        }
    }

    private void tellNode() {
        String node = running.node();
        if (!nodeTold && !node.isEmpty()) {
            nodeTold = true;
            reporter.node(node, List.copyOf(running.labels()));
        }
    }

    private void stopRunning() {
        if (state != BuildState.RUNNING) {
            return;
        }
        running.stop(stops++, stopReason);
        if (stops <= 3) {
            loop.schedule(order.limits().politely(), this::stopRunning);
        }
    }

    private void over(Runnable report) {
        if (state == BuildState.OVER) {
            return;
        }
        state(BuildState.OVER);
        report.run();
    }

    private void state(BuildState next) {
        state = next;
        onChange.accept(this);
    }

    /** For people. */
    @Override
    public String toString() {
        return order + ", " + state;
    }
}
