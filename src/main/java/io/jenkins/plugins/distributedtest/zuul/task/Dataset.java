package io.jenkins.plugins.distributedtest.zuul.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.files.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A named dataset: a directory with a {@code config.json}, which may say for which {@code project} it is.
 *
 * @param name the directory's name
 * @param directory the directory
 * @param problem why it cannot be used; null if it can
 */
record Dataset(String name, Path directory, String problem) {
    static final String CONFIG = "config.json";

    /**
     * The datasets of a directory that are for a project, by name. One whose config.json cannot be read is among them,
     * with its problem: it must not pass unnoticed.
     *
     * @throws NoDatasetException if the directory cannot be read, or has no dataset for the project
     */
    static List<Dataset> of(Path directory, String project) throws NoDatasetException {
        try {
            return in(directory, project);
        } catch (IOException e) {
            throw new NoDatasetException("The datasets in " + directory + " cannot be read: " + Reason.of(e));
        }
    }

    /** The datasets of a job, which are the operator's, are not there: that is no fault of a change. */
    static final class NoDatasetException extends Exception {
        private static final long serialVersionUID = 1L;

        NoDatasetException(String message) {
            super(message);
        }
    }

    private static List<Dataset> in(Path directory, String project) throws IOException, NoDatasetException {
        List<Path> candidates;
        try (Stream<Path> all = Files.list(directory)) {
            candidates = all.filter(each -> Files.isRegularFile(each.resolve(CONFIG)))
                    .sorted()
                    .toList();
        }
        List<Dataset> datasets = new ArrayList<>();
        for (Path each : candidates) {
            String name = each.getFileName().toString();
            try {
                JsonNode config = Json.PLAIN.readTree(Files.readAllBytes(each.resolve(CONFIG)));
                if (!config.isObject()) {
                    throw new IOException(CONFIG + " holds no JSON object");
                }
                if (config.path("project").asText(project).equals(project)) {
                    datasets.add(new Dataset(name, each, null));
                }
            } catch (JsonProcessingException e) {
                datasets.add(new Dataset(name, each, CONFIG + " is not JSON"));
            } catch (IOException e) {
                datasets.add(new Dataset(name, each, Reason.of(e)));
            }
        }
        if (datasets.isEmpty()) {
            throw new NoDatasetException("There is no dataset for " + project + " in " + directory
                    + ": a directory with a config.json that names this project, or none");
        }
        return datasets;
    }

    /** What the work learns of it. */
    Map<String, String> environment() {
        return Map.of(
                "TH_DATASET", name,
                "TH_DATASET_DIR", directory.toString(),
                "TH_DATASET_CONFIG", directory.resolve(CONFIG).toString());
    }
}
