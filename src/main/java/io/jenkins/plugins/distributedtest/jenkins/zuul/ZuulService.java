package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Queue;
import hudson.model.Run;
import io.jenkins.plugins.distributedtest.gearman.WorkerStatus;
import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves Zuul with the builds of this Jenkins: the Gearman servers that are configured, what is registered there, and
 * what is offered.
 *
 * <p>The story. Whatever changes in Jenkins (a job, a node, the configuration) only leaves word here, on whichever
 * thread and with whoever's permissions it happens. Shortly after, on a thread of its own and as SYSTEM, this service
 * looks at all jobs and nodes once, however many changes there were, and tells each server what differs. How busy
 * Jenkins is it looks at more often, after each build that starts or ends and every second, and offers what could run.
 * A third thread follows the builds. None of them holds a lock of Jenkins, and none waits for a build.
 *
 * <p>Nothing runs while no server is configured.
 */
@Extension
public class ZuulService {
    /** Changes within this time make one look at the jobs. */
    private static final Duration GATHER = Duration.ofMillis(200);
    /** The same for looks at the executors. */
    private static final Duration GATHER_LOAD = Duration.ofMillis(50);

    private static final Duration TICK = Duration.ofSeconds(1);
    /** Whatever nobody tells of is seen after so many ticks. */
    private static final int TICKS_TO_JOBS = 60;

    private static final Logger LOG = LoggerFactory.getLogger(ZuulService.class);

    private final AtomicBoolean jobsAwaited = new AtomicBoolean();
    private final AtomicBoolean loadAwaited = new AtomicBoolean();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private volatile Threads threads;
    private volatile boolean loaded;
    private volatile boolean ended;
    private volatile List<ServerStatus> failed = List.of();
    private volatile Map<String, ServedServer> served = Map.of();

    // What is below belongs to the registry's loop.
    private final LoadSampler loadLook = new LoadSampler();
    private JenkinsInventory jobLook;
    private Map<Placement, Set<String>> placements = Map.of();
    private Set<Placement> growing = Set.of();
    private int ticks;

    /** The threads, there from the first server on. */
    private static final class Threads {
        final EventLoop registry = new EventLoop("zuul-registry");
        final EventLoop builds = new EventLoop("zuul-builds");
        final ActiveBuilds active = new ActiveBuilds(builds);
    }

    /** The one of this Jenkins. */
    static ZuulService get() {
        return ExtensionList.lookupSingleton(ZuulService.class);
    }

    // ---- what Jenkins tells; any thread, any permissions, at once

    /** Jobs are there to be looked at. */
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
                || !DistributedTestConfiguration.get().getGearmanServers().isEmpty();
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

    /** A build is there from before a restart, and goes on. */
    void orphan(Run<?, ?> run, ZuulAction action) {
        threads()
                .active
                .addOrphan(new ActiveBuilds.Orphan(
                        action.token(),
                        action.getUnique(),
                        run.getParent().getFullName(),
                        action.function(),
                        action.getServer(),
                        action.manager(),
                        new JenkinsRun(run),
                        System.nanoTime()));
        loadChanged();
    }

    /** A build has ended that may be an orphan. */
    void forget(ZuulAction action) {
        Threads now = threads;
        if (now != null) {
            now.active.removeOrphan(action.token());
        }
    }

    /** Jenkins ends: Zuul is left, and builds that survive that are left alone. */
    void shutDown() {
        ended = true;
        served.values().forEach(ServedServer::shutDown);
        Threads now = threads;
        if (now != null) {
            now.registry.close();
            now.builds.close();
        }
    }

    // ---- looking, on the registry's loop

    private void tick() {
        if (ended) {
            return;
        }
        if (++ticks % TICKS_TO_JOBS == 0) {
            lookAtJobs();
        } else if (!served.isEmpty()) {
            lookAtLoad();
        }
        endOrphans();
    }

    private void lookAtJobs() {
        if (ended) {
            return;
        }
        AsSystem.run(() -> {
            connect(DistributedTestConfiguration.get().getGearmanServers());
            jobLook = new JenkinsInventory();
            Map<Placement, Set<String>> nodes = new HashMap<>();
            Map<Placement, Boolean> possible = new HashMap<>();
            served.values().forEach(server -> serve(server, nodes, possible));
            placements = nodes;
            growing = possible.keySet().stream().filter(possible::get).collect(Collectors.toSet());
        });
        lookAtLoad();
    }

    private void serve(ServedServer server, Map<Placement, Set<String>> nodes, Map<Placement, Boolean> possible) {
        FunctionTable table =
                FunctionTable.of(chosen(server.entry()), server.entry().getNames());
        for (FunctionTable.Target target : table.targets().values()) {
            nodes.computeIfAbsent(target.placement(), jobLook::nodesOf);
            if (server.entry().getCapacity() != null) {
                possible.computeIfAbsent(target.placement(), jobLook::isGrowing);
            }
        }
        server.serve(table);
    }

    private List<JenkinsJob> chosen(GearmanServerEntry entry) {
        return jobLook.jobs().stream()
                .filter(found -> entry.serves(found.job().fullName(), found.marked()))
                .map(JenkinsInventory.Found::job)
                .toList();
    }

    private void lookAtLoad() {
        if (ended || jobLook == null || served.isEmpty()) {
            return;
        }
        ActiveBuilds active = threads().active;
        Reservations.Look look = active.reservations().look();
        LoadSampler.Seen seen = AsSystem.get(() -> {
            LoadSampler.Seen found = loadLook.look(jobLook, placements, growing);
            cancelLeftOvers(found.pendingFromZuul());
            return found;
        });
        served.values().forEach(server -> server.offer(seen.load()));
        // After the load: what shows in it speaks for no executor any more.
        look.settled(seen.owners());
        active.all().forEach(ZuulBuild::check);
    }

    /** What Zuul had in the queue before a restart: nobody waits for it any more. */
    private void cancelLeftOvers(Set<String> tokens) {
        for (String token : tokens) {
            if (threads().active.find(token) == null) {
                for (Queue.Item item : Queue.getInstance().getItems()) {
                    ZuulAction action = item.getAction(ZuulAction.class);
                    if (action != null && action.token().equals(token) && find(action) == null) {
                        LOG.info("{} waits from before the restart; Zuul has begun another", item.task);
                        Queue.getInstance().cancel(item);
                    }
                }
            }
        }
    }

    private void endOrphans() {
        Threads now = threads();
        for (ActiveBuilds.Orphan orphan : now.active.expire(this::hadItsTime)) {
            LOG.info("Stopping {} of {}: Zuul has begun another", orphan.unique(), orphan.job());
            stop(orphan.build(), 0);
        }
    }

    private void stop(BuildPort.Running build, int tries) {
        build.stop(tries, "Jenkins restarted, and Zuul has begun another build");
        if (tries < 2) {
            later(BuildOrder.Limits.POLITELY, () -> stop(build, tries + 1));
        }
    }

    /** 10 s with a connection, over which its job would have come; a minute without one. */
    private boolean hadItsTime(ActiveBuilds.Orphan orphan) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - orphan.sinceNanos());
        boolean connected = served.values().stream()
                .map(ServedServer::status)
                .anyMatch(status -> status.server().toString().equals(orphan.server())
                        && status.connectedSince() != null
                        && Duration.between(status.connectedSince(), Instant.now())
                                        .toSeconds()
                                >= 10);
        return seconds >= 60 || (seconds >= 10 && connected);
    }

    // ---- servers, on the registry's loop

    private void connect(List<GearmanServerEntry> entries) {
        Map<String, ServedServer> next = new LinkedHashMap<>();
        List<ServerStatus> problems = new ArrayList<>();
        for (GearmanServerEntry entry : entries) {
            try {
                GearmanConnectionSettings.Resolved settings = entry.connection().resolve();
                String key = settings.key();
                while (next.containsKey(key)) {
                    key += "+"; // the same server, for other jobs
                }
                ServedServer server = served.get(key);
                if (server == null) {
                    Threads now = threads();
                    server = new ServedServer(settings.server(), entry, version(), now.active, now.builds, meters);
                }
                server.configure(entry);
                next.put(key, server);
            } catch (IOException | RuntimeException e) {
                LOG.warn("Cannot serve the Gearman server {}: {}", entry.getHost(), e.getMessage());
                problems.add(ServerStatus.failed(entry.getHost() + ":" + entry.getPort(), e.getMessage()));
            }
        }
        served.forEach((key, server) -> {
            if (!next.containsKey(key)) {
                server.retire();
            }
        });
        served = next;
        failed = List.copyOf(problems);
    }

    private static String version() {
        String version = ZuulService.class.getPackage().getImplementationVersion();
        return version == null ? "" : version;
    }

    /** What people see of each server, in the order of the configuration, those that cannot be served last. */
    List<ServerStatus> status() {
        List<ServerStatus> all = new ArrayList<>();
        for (ServedServer server : served.values()) {
            WorkerStatus worker = server.status();
            all.add(ServerStatus.of(worker, server));
        }
        all.addAll(failed);
        return all;
    }
}
