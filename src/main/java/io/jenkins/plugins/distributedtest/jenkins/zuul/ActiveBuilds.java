package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.model.Run;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.zuul.ZuulExecutor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The builds that Zuul waits for, and those that it may have given up: orphans. An orphan is a pipeline that went on
 * while Jenkins restarted. A Gearman server that still knows its job assigns it again, with the same unique; then the
 * pipeline is adopted, and reports as if nothing had happened. Otherwise Zuul has begun another, and it is stopped.
 * Thread-safe.
 */
final class ActiveBuilds {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveBuilds.class);

    private final EventLoop loop;
    private final Map<String, ZuulBuild> byToken = new ConcurrentHashMap<>();
    private final Map<String, Orphan> orphans = new LinkedHashMap<>(); // guarded by itself
    private final Reservations reservations = new Reservations();

    /**
     * A build from before a restart.
     *
     * @param token names it
     * @param origin where its request came from
     * @param job full name of its job
     * @param build the build
     * @param sinceNanos since when it is an orphan
     */
    record Orphan(String token, RequestOrigin origin, String job, BuildPort.Running build, long sinceNanos) {
        /** An orphan from now on. */
        static Orphan of(Run<?, ?> run, ZuulAction action) {
            String job = run.getParent().getFullName();
            return new Orphan(action.token(), action.origin(), job, new JenkinsRun(run), System.nanoTime());
        }
    }

    ActiveBuilds(EventLoop loop) {
        this.loop = loop;
    }

    Reservations reservations() {
        return reservations;
    }

    void add(ZuulBuild build) {
        byToken.put(build.token(), build);
        reservations.add(build);
    }

    void remove(ZuulBuild build) {
        byToken.remove(build.token());
        reservations.remove(build);
    }

    /** The build of a token; null if Zuul does not wait for it. */
    ZuulBuild find(String token) {
        return byToken.get(token);
    }

    Collection<ZuulBuild> all() {
        return List.copyOf(byToken.values());
    }

    void addOrphan(Orphan orphan) {
        LOG.info(
                "A build from before the restart goes on: {} of {}",
                orphan.origin().unique(),
                orphan.job());
        synchronized (orphans) {
            orphans.put(orphan.token(), orphan);
        }
    }

    /** Forgets an orphan that has ended by itself. */
    void removeOrphan(String token) {
        synchronized (orphans) {
            orphans.remove(token);
        }
    }

    /** Adds what has to be asked for so that a server assigns the jobs of its orphans again. */
    void orphanFunctions(String server, Set<String> functions) {
        synchronized (orphans) {
            orphans.values().stream()
                    .filter(orphan -> orphan.origin().server().equals(server))
                    .forEach(orphan -> functions.add(orphan.origin().function()));
        }
    }

    /**
     * The orphans that nobody asked for in time; they are removed, and the caller stops them.
     *
     * @param expired whether one has had its time
     */
    List<Orphan> expire(Predicate<Orphan> expired) {
        List<Orphan> found = new ArrayList<>();
        synchronized (orphans) {
            for (Iterator<Orphan> all = orphans.values().iterator(); all.hasNext(); ) {
                Orphan orphan = all.next();
                if (expired.test(orphan)) {
                    all.remove();
                    found.add(orphan);
                }
            }
        }
        return found;
    }

    /**
     * Adopts the orphan that a request belongs to.
     *
     * @return its build; null if there is no orphan of this request
     */
    ZuulBuild adopt(ZuulExecutor executor, BuildPort port, BuildOrder order, Consumer<ZuulBuild> onChange) {
        Orphan orphan = take(order.request().unique(), order.target().job().fullName());
        if (orphan == null) {
            return null;
        }
        LOG.info("The build {} of {} reports to Zuul again", orphan.origin().unique(), orphan.job());
        // Zuul goes on sending its requests to the executor that ran it first.
        AutoCloseable former = executor.answerFor(orphan.origin().manager());
        ZuulBuild build = new ZuulBuild(order.withToken(orphan.token()), loop, port, changed -> {
            if (changed.state() == BuildState.OVER) {
                close(former);
            }
            onChange.accept(changed);
        });
        byToken.put(build.token(), build);
        build.adopt(orphan.build());
        return build;
    }

    private Orphan take(String unique, String job) {
        synchronized (orphans) {
            Orphan found = orphans.values().stream()
                    .filter(orphan -> orphan.origin().unique().equals(unique)
                            && orphan.job().equals(job))
                    .findFirst()
                    .orElse(null);
            if (found != null) {
                orphans.remove(found.token());
            }
            return found;
        }
    }

    private static void close(AutoCloseable former) {
        try {
            former.close();
        } catch (Exception e) {
            LOG.debug("Ceasing to answer for a former manager", e);
        }
    }
}
