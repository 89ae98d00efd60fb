package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Run;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves Zuul with the builds of this Jenkins: the Gearman servers that are configured, what is registered there, and
 * what is offered.
 *
 * <p>The story. A change in Jenkins (of a job, a node, the configuration) is only noted here, on whichever thread and
 * with whatever permissions it happens. Shortly after, on a thread of its own and as SYSTEM, this service takes an
 * inventory of all jobs and nodes once, however many changes there were, and tells each server what differs. How busy
 * Jenkins is gets sampled more often, after each build that starts or ends and every second, and what could run is
 * offered. A third thread follows the builds. None of them holds a lock of Jenkins, and none waits for a build.
 *
 * <p>Nothing runs while no server is configured.
 */
@Extension
public class ZuulService {
    /** Changes within this time lead to one inventory. */
    private static final Duration GATHER = Duration.ofMillis(200);
    /** The same for samples of the load. */
    private static final Duration GATHER_LOAD = Duration.ofMillis(50);

    private static final Duration TICK = Duration.ofSeconds(1);
    /** Changes that Jenkins does not report are seen after so many ticks. */
    private static final int TICKS_TO_JOBS = 60;

    private static final Logger LOG = LoggerFactory.getLogger(ZuulService.class);

    private final AtomicBoolean jobsAwaited = new AtomicBoolean();
    private final AtomicBoolean loadAwaited = new AtomicBoolean();
    private final ServedServers served = new ServedServers();
    private volatile Threads threads;
    private volatile boolean loaded;
    private volatile boolean ended;

    // What is below belongs to the registry's loop.
    private final LoadSampler sampler = new LoadSampler();
    private JenkinsInventory inventory;
    private Map<Placement, Set<String>> placements = Map.of();
    private Set<Placement> growing = Set.of();
    private int ticks;

    /** The threads, there from the first server on. */
    private static final class Threads {
        final EventLoop registry = new EventLoop("zuul-registry");
        final EventLoop builds = new EventLoop("zuul-builds");
        final ActiveBuilds active = new ActiveBuilds(builds);
        final LeftOvers leftOvers = new LeftOvers(registry, active);
    }

    /** The service of this Jenkins. */
    static ZuulService get() {
        return ExtensionList.lookupSingleton(ZuulService.class);
    }

    // ---- what Jenkins reports; any thread, any permissions, returns at once

    /** Jenkins has loaded its jobs. */
    void jenkinsLoaded() {
        loaded = true;
        jobsChanged();
    }

    /** Something changed that may change what is served: a job, a node, the configuration, credentials. */
    void jobsChanged() {
        if (loaded && !ended && isWanted() && jobsAwaited.compareAndSet(false, true)) {
            later(GATHER, () -> {
                jobsAwaited.set(false);
                lookAtJobs();
            });
        }
    }

    /** Something changed that may change what could run. */
    void loadChanged() {
        if (!served.isEmpty() && loadAwaited.compareAndSet(false, true)) {
            later(GATHER_LOAD, () -> {
                loadAwaited.set(false);
                lookAtLoad();
            });
        }
    }

    private void later(Duration delay, Runnable task) {
        try {
            threads().registry.schedule(delay, task);
        } catch (RejectedExecutionException e) {
            LOG.debug("Jenkins ends", e);
        }
    }

    /** Whether a server is configured, or was. */
    private boolean isWanted() {
        return threads != null
                || !GearmanServers.configured().getGearmanServers().isEmpty();
    }

    private synchronized Threads threads() {
        if (threads == null) {
            Threads made = new Threads();
            made.registry.every(TICK, this::tick);
            threads = made;
        }
        return threads;
    }

    /** The build that an item of the queue or a run belongs to; null if Zuul does not wait for it. */
    ZuulBuild find(ZuulAction action) {
        Threads now = threads;
        return now == null || action == null ? null : now.active.find(action.token());
    }

    /** A build from before a restart goes on. */
    void orphan(Run<?, ?> run, ZuulAction action) {
        threads().active.addOrphan(ActiveBuilds.Orphan.of(run, action));
        loadChanged();
    }

    /** A build that may be an orphan has ended. */
    void forget(ZuulAction action) {
        Threads now = threads;
        if (now != null) {
            now.active.removeOrphan(action.token());
        }
    }

    /** Jenkins shuts down: the connections are closed, and builds that survive this are left alone. */
    void shutDown() {
        ended = true;
        served.shutDown();
        Threads now = threads;
        if (now != null) {
            now.registry.close();
            now.builds.close();
        }
    }

    // ---- inventory and load, on the registry's loop

    private void tick() {
        if (ended) {
            return;
        }
        if (++ticks % TICKS_TO_JOBS == 0) {
            lookAtJobs();
        } else if (!served.isEmpty()) {
            lookAtLoad();
        }
        threads().leftOvers.stopOrphans(served.all());
    }

    private void lookAtJobs() {
        if (ended) {
            return;
        }
        AsSystem.run(() -> {
            Threads now = threads();
            served.connect(GearmanServers.configured().getGearmanServers(), now.active, now.builds);
            inventory = new JenkinsInventory();
            Map<Placement, Set<String>> nodes = new HashMap<>();
            Map<Placement, Boolean> possible = new HashMap<>();
            served.all().forEach(server -> serve(server, nodes, possible));
            placements = nodes;
            growing = possible.keySet().stream().filter(possible::get).collect(Collectors.toSet());
        });
        lookAtLoad();
    }

    private void serve(ServedServer server, Map<Placement, Set<String>> nodes, Map<Placement, Boolean> possible) {
        FunctionTable table =
                FunctionTable.of(chosen(server.entry()), server.entry().getNames());
        for (FunctionTable.Target target : table.targets().values()) {
            nodes.computeIfAbsent(target.placement(), inventory::nodesOf);
            if (server.entry().getCapacity() != null) {
                possible.computeIfAbsent(target.placement(), inventory::isGrowing);
            }
        }
        server.serve(table);
    }

    private List<JenkinsJob> chosen(GearmanServerEntry entry) {
        return inventory.jobs().stream()
                .filter(found -> entry.serves(found.job().fullName(), found.marked()))
                .map(JenkinsInventory.Found::job)
                .toList();
    }

    private void lookAtLoad() {
        if (ended || inventory == null || served.isEmpty()) {
            return;
        }
        ActiveBuilds active = threads().active;
        Reservations.Look look = active.reservations().look();
        LoadSampler.Sample seen = AsSystem.get(() -> {
            LoadSampler.Sample found = sampler.sample(inventory, placements, growing);
            threads().leftOvers.cancelQueued(found.pendingFromZuul());
            return found;
        });
        served.all().forEach(server -> server.offer(seen.load()));
        // After the offers: a build that shows in the load claims no executor any more.
        look.settled(seen.owners());
        active.all().forEach(ZuulBuild::check);
    }

    /** What people see of each server, in the order of the configuration, those that cannot be served last. */
    List<ServerStatus> status() {
        return served.status();
    }
}
