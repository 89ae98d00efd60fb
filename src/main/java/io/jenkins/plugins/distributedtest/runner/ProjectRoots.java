package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the sub-projects of a tree that test files belong to.
 *
 * <p>A directory between the workspace and a file is a project of its own if a {@link ProjectMarker} of the file's runner
 * is in it, and the innermost wins. A project's own test directories are not searched: there the project's own command
 * runs everything, data of tests included. The {@code command} runner has the projects that are set, and no others.
 */
final class ProjectRoots {
    private final Path workspace;
    private final RunnerSettings settings;
    private final Map<ProjectMarker, Map<String, Boolean>> marked = new HashMap<>();

    private ProjectRoots(Path workspace, RunnerSettings settings) {
        this.workspace = workspace;
        this.settings = settings;
    }

    /**
     * The sub-projects of a suite.
     *
     * @param workspace the tree
     * @param settings which runner takes which file
     * @param files the suite
     * @return those that hold at least one file, outer before inner; none for files of the workspace's own
     * @throws RunnerException if a file has no runner
     */
    static List<SubProject> of(Path workspace, RunnerSettings settings, List<TestFile> files) throws RunnerException {
        ProjectRoots roots = new ProjectRoots(workspace, settings);
        Map<String, SubProject> found = new TreeMap<>();
        for (TestFile file : files) {
            String root = roots.rootOf(file, RunnerChoice.of(settings, file));
            if (root != null && !root.isEmpty()) {
                found.computeIfAbsent(root, roots::project);
            }
        }
        return List.copyOf(found.values());
    }

    private String rootOf(TestFile file, RunnerKind kind) {
        return switch (kind) {
            case RSPEC, MINITEST, TEST_UNIT -> innermost(file, ProjectMarker.RUBY);
            case PYTEST -> {
                String configured = innermost(file, ProjectMarker.PYTEST);
                yield configured != null ? configured : innermost(file, ProjectMarker.PACKAGE);
            }
            case UNITTEST -> innermost(file, ProjectMarker.PACKAGE);
            case DJANGO -> innermost(file, ProjectMarker.DJANGO);
            case NODE -> innermost(file, ProjectMarker.NODE);
            case JEST, MOCHA, VITEST, AVA, PLAYWRIGHT -> JavaScriptTools.rootOf(workspace, file, kind);
            case JUNIT -> innermost(file, ProjectMarker.BUILD);
            case GO -> innermost(file, ProjectMarker.GO);
            case COMMAND -> null;
        };
    }

    /** The innermost directory that is marked, the workspace (an empty text) included; null if none is. */
    private String innermost(TestFile file, ProjectMarker marker) {
        String best = isMarked("", marker) ? "" : null;
        String[] parts = file.path().split("/");
        String at = "";
        for (int i = 0; i < parts.length - 1 && !marker.endsAt(parts[i]); i++) {
            at = at.isEmpty() ? parts[i] : at + "/" + parts[i];
            if (isMarked(at, marker)) {
                best = at;
            }
        }
        return best;
    }

    private boolean isMarked(String directory, ProjectMarker marker) {
        return marked.computeIfAbsent(marker, m -> new HashMap<>())
                .computeIfAbsent(directory, d -> marker.marks(workspace.resolve(d)));
    }

    /** What such a project's own command would use: its bundle, its virtual environment. */
    private SubProject project(String directory) {
        Path path = workspace.resolve(directory);
        Map<String, List<String>> interpreters = new HashMap<>(Interpreters.ownPython(settings, path));
        interpreters.putAll(Interpreters.ownBundle(settings, path));
        return new SubProject(directory, null, RunnerSettings.startedBy(interpreters), Map.of());
    }
}
