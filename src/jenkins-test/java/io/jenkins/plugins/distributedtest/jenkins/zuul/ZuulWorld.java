package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import io.jenkins.plugins.distributedtest.gearman.RealGearmand;
import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.gearman.common.GearmanPacketType;

/** A real gearmand, a client that behaves as Zuul, and a Jenkins that serves it. */
final class ZuulWorld implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    /** How long anything may take on a machine that is busy with other things. */
    static final Duration LONG = Duration.ofSeconds(90);

    final int port = FreePorts.next();
    final RealGearmand server;
    final GearmanTestClient zuul;

    /** With a gearmand that tells Zuul of a worker that was lost, as Zuul's own server does. */
    ZuulWorld(Path directory) throws IOException {
        this(directory, "--job-retries=1");
    }

    ZuulWorld(Path directory, String... options) throws IOException {
        server = new RealGearmand(port, directory, options);
        zuul = new GearmanTestClient(port);
    }

    GearmanServerEntry entry() {
        GearmanServerEntry entry = new GearmanServerEntry("127.0.0.1");
        entry.setPort(port);
        return entry;
    }

    void serve(GearmanServerEntry... entries) {
        DistributedTestConfiguration.get().setGearmanServers(List.of(entries));
    }

    List<String> jobs() {
        try {
            return zuul.functions().stream()
                    .filter(function -> function.startsWith("build:"))
                    .map(function -> function.substring(6))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    void awaitJobs(String... names) {
        List<String> wanted = List.of(names).stream().sorted().toList();
        await("functions " + wanted).atMost(LONG).until(this::jobs, wanted::equals);
    }

    Submitted build(String function) throws IOException {
        return build(function, Map.of());
    }

    Submitted build(String function, Map<String, String> more) throws IOException {
        return build(function, UUID.randomUUID().toString().replace("-", ""), more);
    }

    Submitted build(String function, String unique, Map<String, String> more) throws IOException {
        ObjectNode parameters = JSON.createObjectNode();
        parameters
                .put("ZUUL_UUID", unique)
                .put("ZUUL_PROJECT", "openstack/nova")
                .put("ZUUL_PIPELINE", "check")
                .put("ZUUL_URL", "http://zuul.example.org/p")
                .put("ZUUL_BRANCH", "master")
                .put("ZUUL_CHANGE", "123456")
                .put("ZUUL_PATCHSET", "2")
                .put("ZUUL_REF", "refs/zuul/master/Z1fd4bf9f")
                .put("ZUUL_COMMIT", "80f1828f055d73bf7d8bad6fb57459d519d2a321");
        more.forEach(parameters::put);
        return zuul.submit("build:" + function, unique, parameters.toString());
    }

    JsonNode first(Submitted build) {
        await("first data").atMost(LONG).until(() -> !build.data.isEmpty());
        return json(build.data.get(0));
    }

    static JsonNode last(Submitted build) {
        return json(build.data.get(build.data.size() - 1));
    }

    /** The result that Zuul would read; "null" for a retry. */
    String result(Submitted build) {
        await("end of a build").atMost(LONG).until(build::isEnded);
        return json(build.end.substring("complete ".length())).path("result").asText();
    }

    void awaitUrl(Submitted build) {
        await("address of a build")
                .atMost(LONG)
                .until(() -> !build.data.isEmpty()
                        && !last(build).path("url").asText().isEmpty());
    }

    Submitted control(String what, Submitted build, String more) throws IOException {
        JsonNode first = first(build);
        ObjectNode request = JSON.createObjectNode();
        request.set("name", first.get("name"));
        request.set("number", first.get("number"));
        if (more != null) {
            request.put("html_description", more);
        }
        return zuul.submit(
                GearmanPacketType.SUBMIT_JOB_HIGH,
                what + ":" + first.get("manager").asText(),
                UUID.randomUUID().toString(),
                request.toString());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(text, e);
        }
    }

    @Override
    public void close() throws IOException {
        zuul.close();
        server.close();
    }
}
