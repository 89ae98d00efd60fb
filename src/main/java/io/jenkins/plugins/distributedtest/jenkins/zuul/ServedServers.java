package io.jenkins.plugins.distributedtest.jenkins.zuul;

import io.jenkins.plugins.distributedtest.gearman.GearmanServer;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Gearman servers that are served, as the configuration has them. A server stays connected while nothing changes in
 * how it is reached. Changed on the registry's event loop; read by any thread.
 */
final class ServedServers {
    private static final Logger LOG = LoggerFactory.getLogger(ServedServers.class);

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private volatile Map<String, ServedServer> served = Map.of();
    private volatile List<ServerStatus> failed = List.of();

    /**
     * Connects to what is new in the configuration, and leaves what is no longer there.
     *
     * @param entries the configured servers, in their order
     * @param active the builds of all servers
     * @param builds owns the state of these builds
     */
    void connect(List<GearmanServerEntry> entries, ActiveBuilds active, EventLoop builds) {
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
                    server = new ServedServer(
                            settings.server(), entry, version(), managers(settings.server()), active, builds, meters);
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

    /** Each server has names of its own: it never forgets one, so it is to see as few as can be. */
    private static Path managers(GearmanServer server) {
        String place = server.toString().replaceAll("[^A-Za-z0-9.-]", "_");
        return Jenkins.get()
                .getRootDir()
                .toPath()
                .resolve("distributed-test-zuul/managers")
                .resolve(place);
    }

    private static String version() {
        String version = ServedServers.class.getPackage().getImplementationVersion();
        return version == null ? "" : version;
    }

    boolean isEmpty() {
        return served.isEmpty();
    }

    Collection<ServedServer> all() {
        return served.values();
    }

    /** What people see of each server, in the order of the configuration, those that cannot be served last. */
    List<ServerStatus> status() {
        List<ServerStatus> all = new ArrayList<>();
        served.values().forEach(server -> all.add(ServerStatus.of(server.status(), server)));
        all.addAll(failed);
        return all;
    }

    /** Closes all connections at once, since Jenkins ends. */
    void shutDown() {
        served.values().forEach(ServedServer::shutDown);
    }
}
