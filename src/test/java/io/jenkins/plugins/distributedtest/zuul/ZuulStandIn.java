package io.jenkins.plugins.distributedtest.zuul;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.gearman.common.GearmanPacketType;

/**
 * What Zuul 2.5 makes of what a worker sends: believes the last payload that is not empty, starts a build without a
 * result anew up to three times, reports any other result word for word, learns name, number and manager of a build
 * once, cancels a waiting build at the server and stops a running one at its manager, and never launches what is not
 * registered.
 */
public final class ZuulStandIn implements AutoCloseable {
    static final int ATTEMPTS = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final GearmanTestClient client;

    public ZuulStandIn(int port) throws IOException {
        client = new GearmanTestClient(port);
    }

    /** One build, over all its attempts. */
    public final class Build {
        private final String job;
        private final String function;
        private final Map<String, Object> arguments;
        private GearmanPacketType how = GearmanPacketType.SUBMIT_JOB;
        private Submitted submitted;
        private String uuid;
        private int attempts;
        private String result;
        private String number;
        private String manager;
        private int seen;
        private boolean startedWithoutNumber;

        private Build(String job, String function, Map<String, Object> arguments) {
            this.job = job;
            this.function = function;
            this.arguments = arguments;
        }

        private void launch() throws IOException {
            attempts++;
            uuid = UUID.randomUUID().toString().replace("-", "");
            number = null;
            manager = null;
            seen = 0;
            Map<String, Object> all = new LinkedHashMap<>(arguments);
            all.put("ZUUL_UUID", uuid);
            submitted = client.submit(how, function, uuid, JSON.writeValueAsString(all));
        }

        /** Looks at what has come since the last look; Zuul's poll thread. */
        synchronized void poll() throws IOException {
            if (result != null) {
                return;
            }
            boolean ended = submitted.isEnded();
            startedWithoutNumber |= number == null
                    && !submitted.packets.isEmpty()
                    && submitted.packets.get(0).equals("status");
            for (; seen < submitted.data.size(); seen++) {
                JsonNode data = JSON.readTree(submitted.data.get(seen));
                number = number == null ? text(data, "number") : number;
                manager = manager == null ? text(data, "manager") : manager;
            }
            if (ended) {
                end();
            }
        }

        private void end() throws IOException {
            String told;
            try {
                told = submitted.lastPayload == null ? null : text(JSON.readTree(submitted.lastPayload), "result");
            } catch (JsonProcessingException e) {
                return; // the error is raised in Zuul's poll thread, and the build never ends
            }
            if (told != null) {
                result = told;
            } else if (attempts < ATTEMPTS) {
                launch();
            } else {
                result = "RETRY_LIMIT";
            }
        }

        private String text(JsonNode data, String key) {
            return data.hasNonNull(key) ? data.get(key).asText() : null;
        }

        /** What Zuul reports; null as long as the build goes on. */
        public synchronized String result() throws IOException {
            poll();
            return result;
        }

        public synchronized int attempts() throws IOException {
            poll();
            return attempts;
        }

        public synchronized String manager() throws IOException {
            poll();
            return manager;
        }

        public synchronized String number() throws IOException {
            poll();
            return number;
        }

        public String uuid() {
            return uuid;
        }

        /** Whether "started" was fired before the number was known. */
        synchronized boolean startedWithoutNumber() throws IOException {
            poll();
            return startedWithoutNumber;
        }

        /** What came of the last attempt. */
        public Submitted submitted() {
            return submitted;
        }

        /** The last value of a key of the data. */
        public synchronized String last(String key) throws IOException {
            return submitted.lastPayload == null ? null : text(JSON.readTree(submitted.lastPayload), key);
        }

        /**
         * What Zuul does with a build that it no longer wants.
         *
         * @return whether it was taken out of the queue
         */
        public synchronized boolean cancel() throws IOException {
            poll();
            if (number == null) {
                if (submitted.handle != null
                        && client.admin("cancel job " + submitted.handle).equals("OK")) {
                    result = "CANCELED";
                    return true;
                }
                return false;
            }
            stop(job, number);
            return false;
        }

        /** Asks its manager to stop it. */
        public Submitted stop(String name, String itsNumber) throws IOException {
            return ask(GearmanPacketType.SUBMIT_JOB_HIGH, "stop:" + manager, Map.of("name", name, "number", itsNumber));
        }

        public Submitted describe(String html) throws IOException {
            return ask(
                    GearmanPacketType.SUBMIT_JOB_LOW,
                    "set_description:" + manager,
                    Map.of("name", job, "number", number, "html_description", html));
        }
    }

    private Submitted ask(GearmanPacketType type, String function, Map<String, String> what) throws IOException {
        return client.submit(type, function, UUID.randomUUID().toString(), JSON.writeValueAsString(what));
    }

    /** Whether a function is registered, as Zuul asks: by the first column of the server's status. */
    public boolean isRegistered(String function) throws IOException {
        return client.adminLines("status").stream().anyMatch(line -> line.split("\t")[0].equals(function));
    }

    /** Whether an executor serves a function now; a server may still know one that nobody serves any more. */
    public boolean isServed(String function) throws IOException {
        return client.functions().contains(function);
    }

    /** Whether an executor has registered the function by which its jobs are stopped. */
    public boolean hasStop() throws IOException {
        return client.functions().stream().anyMatch(function -> function.startsWith("stop:"));
    }

    /** Launches a build of a job. */
    public Build build(String job, Map<String, ?> arguments) throws IOException {
        return launch(job, "build:" + job, GearmanPacketType.SUBMIT_JOB, arguments);
    }

    /** Launches a build as one of the recorded requests has it. */
    public Build launch(String job, String function, GearmanPacketType how, Map<String, ?> arguments)
            throws IOException {
        Build build = new Build(job, function, new LinkedHashMap<>(arguments));
        build.how = how;
        if (isRegistered(function)) {
            build.launch();
        } else {
            build.result = "NOT_REGISTERED";
        }
        return build;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
