package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.originator.RunRequest;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import java.util.Objects;

/**
 * A run that is ready to start.
 *
 * @param broker the broker, with its login
 * @param request the settings, and the suite in its order
 * @param history the recorded runtimes that the order is from, to be updated at the end
 */
public record RunPlan(BrokerAddress broker, RunRequest request, RuntimeHistory history) {
    /** Checks that all is there. */
    public RunPlan {
        Objects.requireNonNull(broker, "broker");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(history, "history");
    }

    /** How the files are run. */
    public RunSettings settings() {
        return request.settings();
    }

    /** What is about to happen, for people, such as {@code 3 files through amqp://host:5672, cluster ci}. */
    public String sentence() {
        return sentence(broker.toString());
    }

    /**
     * What is about to happen, for people.
     *
     * @param where the broker in words
     */
    public String sentence(String where) {
        int count = request.ordered().size();
        String cluster = settings().cluster();
        return count + (count == 1 ? " file" : " files") + " through " + where
                + (cluster == null || cluster.isEmpty() ? ", no cluster" : ", cluster " + cluster);
    }
}
