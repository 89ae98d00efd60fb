package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.originator.CollectSettings;
import io.jenkins.plugins.distributedtest.originator.RunRequest;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.suite.FileGroups;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A run that is ready to start.
 *
 * @param broker the broker, with its login
 * @param request the settings, and the suite in its order
 * @param history the recorded runtimes that the order is from, to be updated at the end
 */
public record RunPlan(BrokerAddress broker, RunRequest request, RuntimeHistory history) {
    /** More projects than these are counted, not named. */
    private static final int NAMED = 8;

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

    /**
     * The same with another directory for the files that listeners bring back.
     *
     * @param directory absolute
     */
    public RunPlan collectingTo(Path directory) {
        CollectSettings collect = settings().collect();
        RunSettings changed =
                settings().withCollect(new CollectSettings(collect.files(), directory.toString(), collect.maxBytes()));
        return new RunPlan(broker, new RunRequest(changed, request.ordered(), request.expected()), history);
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
        return count + (count == 1 ? " file" : " files") + projects() + groups() + " through " + where
                + (cluster == null || cluster.isEmpty() ? ", no cluster" : ", cluster " + cluster);
    }

    /** How many files run one at a time, by group; a group without any is named, too: its globs may be wrong. */
    private String groups() {
        FileGroups groups = settings().groups();
        if (groups.isEmpty()) {
            return "";
        }
        Collection<String> taken = groups.of(request.ordered()).values();
        return ", one at a time those of "
                + groups.globs().keySet().stream()
                        .map(name -> name + " (" + Collections.frequency(taken, name) + ")")
                        .collect(Collectors.joining(" and of "))
                + ",";
    }

    /** Which projects the files are of, if there is another than the tree's own. */
    private String projects() {
        Map<SubProject, Integer> counts = new LinkedHashMap<>();
        request.ordered().stream()
                .sorted()
                .forEach(file -> counts.merge(settings().runners().projectOf(file), 1, Integer::sum));
        if (counts.keySet().stream().allMatch(project -> project.directory().isEmpty())) {
            return "";
        }
        List<String> named = counts.entrySet().stream()
                .limit(NAMED)
                .map(project -> project.getKey() + " (" + project.getValue() + ")")
                .toList();
        return " of " + counts.size() + (counts.size() == 1 ? " project: " : " projects: ") + String.join(", ", named)
                + (counts.size() > NAMED ? " and more," : ",");
    }
}
