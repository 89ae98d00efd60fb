package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.zuul.SafeText;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import io.jenkins.plugins.distributedtest.zuul.settings.ExecutorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The directories of one job, laid out as in turbo-hipster: {@code JOBS/ID/LOG_PATH/results} and
 * {@code TREES/ID/PROJECT}. The id is made here, so that a job that came twice does not use the same directories.
 *
 * @param id names the job's directories
 * @param logPath where the logs are published, below the place for all logs; checked
 * @param root what holds all but the tree
 * @param treeRoot what holds the tree
 * @param tree the sources
 */
record TaskDirectories(String id, String logPath, Path root, Path treeRoot, Path tree) {
    /** The request's parameters as JSON, in the working directory. */
    static final String PARAMETERS = "zuul-parameters.json";
    /** The file that a job writes the reason of its failure to. */
    static final String RESULT_FILE = "result";

    /** How long an id is. */
    static final int ID_LENGTH = 12;

    /** Names the directories of a job; makes none. */
    static TaskDirectories of(ZuulRequest request, ExecutorSettings.Directories all) {
        String id = UUID.randomUUID().toString().replace("-", "").substring(0, ID_LENGTH);
        String given = request.parameter("LOG_PATH");
        String logPath = given.isEmpty()
                ? SafeText.path("the name of the job", request.job().replace('/', '-') + "/" + id)
                : SafeText.path("LOG_PATH", given);
        String project = request.parameter("ZUUL_PROJECT");
        Path treeRoot = all.trees().resolve(id);
        Path tree = treeRoot.resolve(project.isEmpty() ? "tree" : SafeText.path("ZUUL_PROJECT", project));
        return new TaskDirectories(id, logPath, all.jobs().resolve(id), treeRoot, tree);
    }

    /** The working directory, an argument of the job's command. */
    Path working() {
        return root.resolve(logPath);
    }

    /** What is published. */
    Path results() {
        return working().resolve("results");
    }

    /** For temporary files. */
    Path scratch() {
        return root.resolve(".scratch");
    }

    /** Makes them, all but the tree itself. */
    void make(ZuulRequest request) throws IOException {
        Files.createDirectories(root);
        KeptDirectories.own(root);
        Files.createDirectories(treeRoot);
        KeptDirectories.own(treeRoot);
        Files.createDirectories(results());
        Files.createDirectories(scratch());
        Files.createDirectories(tree.getParent());
        Files.writeString(working().resolve(PARAMETERS), Json.PLAIN.writeValueAsString(request.parameters()));
    }

    /** Marks the job's processes. */
    String marker() {
        return "zuul-" + id;
    }

    Path resultFile() {
        return scratch().resolve(RESULT_FILE);
    }

    /** The files to publish, relative to the results; nothing that a symbolic link leads to. */
    List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(results())) {
            return all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .map(results()::relativize)
                    .sorted()
                    .toList();
        }
    }
}
