package io.jenkins.plugins.distributedtest.zuul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.gearman.GearmanJob;
import io.jenkins.plugins.distributedtest.gearman.JobHandler;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles Zuul's requests to stop and to describe a job; each of them ends at once. */
final class ControlRequests implements JobHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ControlRequests.class);
    private static final ObjectMapper JSON = Json.bounded(50).build();

    private final Supplier<Collection<ZuulJob>> active;

    /** @param active the jobs that can be named; asked on the event loop */
    ControlRequests(Supplier<Collection<ZuulJob>> active) {
        this.active = active;
    }

    @Override
    public void assigned(GearmanJob job) {
        try {
            JsonNode request = JSON.readTree(job.payload());
            Optional<ZuulJob> found = find(request);
            if (found.isEmpty()) {
                LOG.info("{} names no job that is active here", job);
                job.fail();
                return;
            }
            if (job.function().startsWith(ControlFunctions.STOP)) {
                found.get().stop("Zuul asked for it");
            } else {
                found.get().describe(request.path("html_description").asText(""));
            }
            job.complete(new byte[0]);
        } catch (IOException e) {
            LOG.warn("Refused {}: {}", job, e.getMessage());
            job.fail();
        }
    }

    /** By name and number, as they were sent; Zuul may send a number as a number or as text. */
    private Optional<ZuulJob> find(JsonNode request) {
        String name = request.path("name").asText("");
        String number = request.path("number").asText("");
        return active.get().stream().filter(job -> job.isNamed(name, number)).findFirst();
    }

    @Override
    public void lost(GearmanJob job, String reason) {
        // It ended at once.
    }
}
