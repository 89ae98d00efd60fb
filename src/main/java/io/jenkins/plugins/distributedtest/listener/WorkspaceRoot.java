package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.files.OwnerOnly;
import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a listener's workspaces lie. A test suite shall behave there as in any checkout, but many tools treat some
 * places specially:
 *
 * <ul>
 *   <li>below a hidden directory static file servers refuse files, and globs, watchers and haste maps skip them;
 *   <li>a link on the way makes two names of one file;
 *   <li>a project file in a directory above ({@code package.json}, {@code .git}, …) is taken for the suite's own;
 *   <li>a long path leaves no room for the name of a socket.
 * </ul>
 *
 * <p>So workspaces lie below the work directory only if that is none of these; otherwise below {@code /var/tmp} or the
 * directory for temporary files, in a directory of this user's own whose name is the same each time.
 */
final class WorkspaceRoot {
    private static final Logger LOG = LoggerFactory.getLogger(WorkspaceRoot.class);
    private static final int LONGEST = 80;

    /** By these tools know the directory of a project, and look for them in all directories above. */
    private static final List<String> PROJECT_FILES = List.of(
            ".git",
            ".hg",
            "package.json",
            "pyproject.toml",
            "pytest.ini",
            "tox.ini",
            "setup.cfg",
            "setup.py",
            "conftest.py",
            "Gemfile",
            ".rspec",
            "pom.xml",
            "settings.gradle",
            "settings.gradle.kts",
            "go.mod",
            "Cargo.toml",
            "babel.config.js",
            "tsconfig.json",
            "node_modules");

    private WorkspaceRoot() {}

    /**
     * Finds the place, and makes it.
     *
     * @param workDirectory the listener's work directory
     * @return a real path that only this user can enter
     * @throws IOException if it cannot be made
     */
    static Path of(Path workDirectory) throws IOException {
        OwnerOnly.createDirectory(workDirectory);
        Path work = workDirectory.toRealPath();
        String fault = fault(work);
        if (fault == null) {
            return below(work);
        }
        String name = "distributed-test-"
                + Sha256.of(work.toString().getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .substring(0, 8);
        List<Path> places = Stream.of("/var/tmp", System.getProperty("java.io.tmpdir"))
                .map(Path::of)
                .toList();
        for (Path place : places) {
            if (Files.isDirectory(place) && fault(place.toRealPath()) == null) {
                try {
                    return OwnerOnly.claim(place.toRealPath().resolve(name), false);
                } catch (IOException e) {
                    LOG.debug("Workspaces cannot lie in {}", place, e);
                }
            }
        }
        LOG.warn("Workspaces lie in {}, where some tests may behave differently: {}", work, fault);
        return below(work);
    }

    private static Path below(Path work) throws IOException {
        Path root = work.resolve("workspaces");
        OwnerOnly.createDirectory(root);
        return root;
    }

    /** What makes a place unfit; null for nothing. */
    private static String fault(Path place) {
        if (place.toString().length() > LONGEST) {
            return "its path is longer than " + LONGEST + " characters";
        }
        for (Path part : place) {
            if (part.toString().startsWith(".")) {
                return part + " is a hidden directory";
            }
        }
        for (Path above = place; above != null; above = above.getParent()) {
            for (String each : PROJECT_FILES) {
                if (Files.exists(above.resolve(each))) {
                    return above.resolve(each) + " makes it a part of another project";
                }
            }
        }
        return null;
    }
}
